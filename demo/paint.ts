import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan' | 'magenta';

/** Puts colour on text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Colour is for terminals: what is piped or kept in a file is read as text. https://no-color.org */
export function createPaint(terminal: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Paint {
  const colourful = terminal.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  return colourful ? (style, text) => styleText(style, text) : (_style, text) => text;
}
