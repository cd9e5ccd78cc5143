import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';

export interface Import {
  /** A path such as `src/github/ids.ts` for a file of ours, else the package's specifier. */
  readonly target: string;
  readonly names: readonly string[];
  /** Gone at run time: it makes nobody impure. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** Something in the text that a rule may forbid. */
export interface Finding {
  readonly text: string;
  readonly line: number;
}

/** What the rules need to know of one file. */
export interface Source {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Reads of the clock, the machine, the network or chance. */
  readonly impurities: readonly Finding[];
  /** `as X`, `<X>y` and comments that silence the compiler; never `as const`. */
  readonly casts: readonly Finding[];
  readonly defaultExports: readonly Finding[];
  /** Names of called or destructured members: `send` for `github.send(…)`. */
  readonly members: readonly Finding[];
  /** String literals and templates. */
  readonly strings: readonly Finding[];
}

type Draft = {
  [K in 'imports' | 'impurities' | 'casts' | 'defaultExports' | 'members' | 'strings']: Source[K][number][];
};

/** Every source file below `folder`, parsed. */
export function readSources(folder: string): readonly Source[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(process.cwd(), join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort()
    .map((path) => parseSource(path, readFileSync(path, 'utf8')));
}

export function parseSource(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const draft: Draft = { imports: [], impurities: [], casts: [], defaultExports: [], members: [], strings: [] };
  const visit = (node: ts.Node): void => {
    inspect(node, file, draft);
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const [index, line] of text.split('\n').entries()) {
    const silenced = /@ts-(?:ignore|expect-error|nocheck)/.exec(line);
    if (silenced !== null) draft.casts.push({ text: silenced[0], line: index + 1 });
  }
  return { path, lines: text.trimEnd().split('\n').length, ...draft };
}

function inspect(node: ts.Node, file: ts.SourceFile, draft: Draft): void {
  const finding = (): Finding => ({
    text: node.getText(file).replaceAll(/\s+/g, ' ').slice(0, 80),
    line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1,
  });
  const found = readImport(node, file.fileName);
  if (found !== undefined) draft.imports.push({ ...found, line: finding().line });
  if (isImpure(node, file)) draft.impurities.push(finding());
  if (isCast(node, file)) draft.casts.push(finding());
  if (isDefaultExport(node)) draft.defaultExports.push(finding());
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) draft.strings.push(finding());
  const member = readMember(node, file);
  if (member !== undefined) draft.members.push({ ...finding(), text: member });
}

function readImport(node: ts.Node, path: string): Omit<Import, 'line'> | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const clause = node.importClause;
    const named = clause?.namedBindings;
    const elements = named !== undefined && ts.isNamedImports(named) ? [...named.elements] : [];
    const all = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    const onlyTypes = elements.length > 0 && clause?.name === undefined && elements.every((one) => one.isTypeOnly);
    const names = elements.map((element) => (element.propertyName ?? element.name).text);
    return { target: toTarget(path, node.moduleSpecifier.text), names, typeOnly: all || onlyTypes };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
    return { target: toTarget(path, node.moduleSpecifier.text), names: [], typeOnly: node.isTypeOnly };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [specifier] = node.arguments;
    const target = specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : '(computed)';
    return { target: toTarget(path, target), names: [], typeOnly: false };
  }
  return undefined;
}

function toTarget(path: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
}

const IMPURE_OBJECTS = new Set(['console', 'process', 'performance', 'crypto', 'globalThis']);
const IMPURE_CALLS = new Set(['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Date']);
const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random', 'Temporal.Now']);
/** These read the machine's time zone or language. */
const LOCAL = /^(?:[gs]et(?:Date|Day|FullYear|Hours|Minutes|Month|Seconds|TimezoneOffset)|toLocale\w*)$/;

function isImpure(node: ts.Node, file: ts.SourceFile): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText(file) === 'Date' && (node.arguments?.length ?? 0) === 0;
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return IMPURE_CALLS.has(node.expression.text);
  if (!ts.isPropertyAccessExpression(node)) return false;
  if (ts.isIdentifier(node.expression) && IMPURE_OBJECTS.has(node.expression.text)) return true;
  return LOCAL.test(node.name.text) || IMPURE_MEMBERS.has(node.getText(file));
}

function isCast(node: ts.Node, file: ts.SourceFile): boolean {
  if (ts.isAsExpression(node)) return node.type.getText(file) !== 'const';
  return ts.isTypeAssertionExpression(node) || ts.isNonNullExpression(node);
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)
  );
}

function readMember(node: ts.Node, file: ts.SourceFile): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return node.argumentExpression.text;
  }
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
    return (node.propertyName ?? node.name).getText(file);
  }
  return undefined;
}
