import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red';

/** Puts colour on text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/**
 * Colour is for terminals: what is piped or kept in a file is read as text.
 * @see https://no-color.org
 */
export function createPaint(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  const colourful = stream.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  return colourful ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}
