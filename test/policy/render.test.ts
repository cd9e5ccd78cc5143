import { renderDiagnostic } from '../../src/policy/render.ts';

test('a line cannot move the cursor, colour the terminal or turn its direction', () => {
  const line = renderDiagnostic('a\nb.yml', {
    severity: 'error',
    code: 'unknown-key',
    message: 'x\u001B[31m\u202Ey\u2028',
    path: [],
    effect: 'file',
    line: 1,
    column: 2,
    endLine: 1,
    endColumn: 3,
  });
  expect(line).toBe('a\\u000ab.yml:1:2 error unknown-key x\\u001b[31m\\u202ey\\u2028');
});
