import type { Answer } from './answer.ts';
import type { FaultOptions } from './faults.ts';
import type { Connection } from './incoming.ts';

/** Sends the answer, or as much of it as a fault lets through. */
export function send(
  { outgoing, number }: Connection,
  answer: Answer,
  how: { readonly fault: FaultOptions | null; readonly rate: Readonly<Record<string, string>> },
): void {
  if (how.fault?.action === 'drop-after-apply') {
    outgoing.destroy();
    return;
  }
  const bytes = Buffer.from(answer.body);
  const length = answer.status === 204 || answer.status === 304 ? {} : { 'content-length': String(bytes.length) };
  const id = { 'x-github-request-id': number.toString(16).toUpperCase().padStart(8, '0') };
  outgoing.writeHead(answer.status, { ...answer.headers, ...how.rate, ...id, ...length });
  if (how.fault?.action !== 'cut-body') {
    outgoing.end(bytes);
    return;
  }
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.destroy());
}
