import type { GitHub, GitHubReader, GitHubWriter, GraphqlDocument, ReadRoute } from '../../src/github/port.ts';
import { GitHubError } from '../../src/github/port.ts';
import type { WriteRoute } from '../../src/github/write-routes.ts';
import type { Equal, Holds } from './equal.ts';

const repository = { owner: 'acme', repo: 'shop' } as const;

export function aReaderCannotWrite(reader: GitHubReader, document: GraphqlDocument): void {
  // @ts-expect-error -- only a writer sends
  void reader.send('DELETE /repos/{owner}/{repo}/keys/{key_id}', { ...repository, key_id: 1 });
  // @ts-expect-error -- only a writer mutates
  void reader.mutate(document, {});
}

export function aReaderIsNotAWriter(reader: GitHubReader): GitHubWriter {
  // @ts-expect-error -- whoever observes is given no way to write, and cannot make one
  return reader;
}

export function bothIsEither(github: GitHub): readonly [GitHubReader, GitHubWriter] {
  return [github, github];
}

export function aReadTakesNoWriteRoute(reader: GitHubReader): void {
  void reader.get('GET /repos/{owner}/{repo}/keys', repository);
  // @ts-expect-error -- a POST is not a read
  void reader.get('POST /repos/{owner}/{repo}/keys', { ...repository, key: 'x' });
  // @ts-expect-error -- GitHub has no such route
  void reader.get('GET /repos/{owner}/{repo}/deploymentz', repository);
  // @ts-expect-error -- the route has a parameter more
  void reader.get('GET /repos/{owner}/{repo}/keys/{key_id}', repository);
}

export function aWriteTakesNoReadRoute(writer: GitHubWriter): void {
  void writer.send('DELETE /repos/{owner}/{repo}/keys/{key_id}', { ...repository, key_id: 1 });
  // @ts-expect-error -- a GET is not a write
  void writer.send('GET /repos/{owner}/{repo}/keys', repository);
}

/** Every route is one or the other. */
export type RoutesAreApart = [
  Holds<Equal<ReadRoute & WriteRoute, never>>,
  Holds<Equal<Extract<WriteRoute, `GET ${string}`>, never>>,
];

export function anErrorSaysItsKind(): GitHubError {
  // @ts-expect-error -- kinds are a closed list, so that a switch over them is complete
  return new GitHubError({ kind: 'teapot', status: 418, operation: 'x', message: 'y' });
}
