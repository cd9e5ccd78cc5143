import { readFile } from 'node:fs/promises';
import { checkPolicy } from '../policy/check.ts';
import type { Diagnostic } from '../policy/diagnostics.ts';
import { renderDiagnostic, toDocument } from '../policy/render.ts';
import type { Console } from './console.ts';
import { CommandFailure, EXIT, type ExitCode } from './exit-code.ts';

/**
 * `lockkeeper validate`: says what is wrong with a policy file, and what is odd about it. Asks nobody.
 * @throws CommandFailure where the file cannot be read.
 */
export async function validate(
  path: string,
  options: { readonly json: boolean; readonly now: number },
  console: Console,
): Promise<ExitCode> {
  // Whose file it is, the text alone does not tell.
  const diagnostics = checkPolicy(await readPolicyFile(path), { now: options.now, level: null });
  if (options.json) console.printDocument({ version: 1, diagnostics: diagnostics.map(toDocument) });
  else printDiagnostics(path, diagnostics, console);
  return diagnostics.some(isError) ? EXIT.policyErrors : EXIT.done;
}

export function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function printDiagnostics(path: string, diagnostics: readonly Diagnostic[], { print, paint }: Console): void {
  for (const diagnostic of diagnostics) {
    const { severity } = diagnostic;
    const line = renderDiagnostic(path, diagnostic);
    print(line.replace(` ${severity} `, ` ${paint(severity === 'error' ? 'red' : 'yellow', severity)} `));
  }
}

/** @throws CommandFailure */
export async function readPolicyFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `${path} cannot be read: ${whyUnreadable(error)}.`);
  }
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
      return 'permission denied';
    default:
      return String(code ?? error);
  }
}
