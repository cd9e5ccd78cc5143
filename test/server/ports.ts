import { createServer } from 'node:net';

/** A port of loopback that is free, or was a moment ago. */
export async function freePort(): Promise<number> {
  const { port, release } = await takePort();
  await release();
  return port;
}

export async function takePort(): Promise<{ readonly port: number; release(): Promise<void> }> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    release: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
      }),
  };
}
