import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GraphqlDocument } from '../../src/github/port.ts';

/** What one file of src has to do with GraphQL. */
export interface DocumentFile {
  readonly path: string;
  /** Documents that it exports as they are, by the name of the export. */
  readonly constants: Readonly<Record<string, GraphqlDocument>>;
  /** Exported functions that make a document, by their name. */
  readonly builders: Readonly<Record<string, (...parameters: never[]) => unknown>>;
  /** Operations whose text is in it, wherever that is used. */
  readonly operations: readonly string[];
}

/** Every file of src that has a GraphQL document in it, loaded. */
export async function loadDocumentFiles(): Promise<readonly DocumentFile[]> {
  const paths = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const files = paths.map((path) => ({ path: join('src', path), text: readFileSync(join('src', path), 'utf8') }));
  const loaded: DocumentFile[] = [];
  // One after the other: jest's loader of ES modules trips over imports that share a dependency and race for it.
  for (const { path, text } of files) {
    const concerned = text.includes('GraphqlDocument') && !path.startsWith(join('src', 'github'));
    if (concerned) loaded.push(await load(path, text));
  }
  return loaded;
}

async function load(path: string, text: string): Promise<DocumentFile> {
  const exported = Object.entries((await import(`../../${path}`)) as Readonly<Record<string, unknown>>);
  return {
    path,
    constants: Object.fromEntries(exported.filter((entry): entry is [string, GraphqlDocument] => isDocument(entry[1]))),
    builders: Object.fromEntries(
      exported.filter(
        (entry): entry is [string, (...parameters: never[]) => unknown] =>
          typeof entry[1] === 'function' && /(?:Document|Query|Mutation)$/.test(entry[0]),
      ),
    ),
    operations: [...text.matchAll(/\b(?:query|mutation) ([A-Z]\w*)/g)].map(([, name]) => name ?? ''),
  };
}

export function isDocument(value: unknown): value is GraphqlDocument {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'text' in value &&
    typeof value.name === 'string' &&
    typeof value.text === 'string'
  );
}
