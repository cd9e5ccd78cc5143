import { Probot, Server } from 'probot';

/*
 * What every app starts from: Probot's own server, with a handler that does nothing.
 */
const { APP_ID = '', PRIVATE_KEY = '', WEBHOOK_SECRET = '', PORT = '0' } = process.env;
const server = new Server({
  host: '127.0.0.1',
  port: Number(PORT),
  Probot: Probot.defaults({ appId: APP_ID, privateKey: PRIVATE_KEY, secret: WEBHOOK_SECRET, logLevel: 'error' }),
});
await server.load((app) => {
  app.onAny(() => undefined);
});
await server.start();

process.on('message', (question) => {
  if (question === 'stop') process.exit(0);
});
process.on('disconnect', () => process.exit(1));
process.send?.({ answer: `http://127.0.0.1:${PORT}` });
