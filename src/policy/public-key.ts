/** https://docs.github.com/en/authentication/troubleshooting-ssh/error-key-type-not-supported lists what GitHub takes. */
const KEY_TYPES = [
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
];

/**
 * What keeps a text from being a public SSH key at all, or null. The answer never repeats any of the text: it might be a
 * private key.
 */
export function publicKeyProblem(text: string): string | null {
  if (text.includes('PRIVATE KEY')) {
    return 'Take this private key out at once and replace it: write the public key, the file that ends in .pub.';
  }
  if (/[\r\n]/.test(text.trim())) return 'Write the public key on one line.';
  if (!/^\S+[ \t]+\S+/.test(text.trim())) return 'Write the public key as type and body: ssh-ed25519 AAAA….';
  return null;
}

/** What two keys have in common that are the same: type and body, without the comment. */
export function publicKeyBody(text: string): string {
  return text
    .trim()
    .split(/[ \t]+/)
    .slice(0, 2)
    .join(' ');
}

/** What makes it likely that GitHub will not take a public key, or null. */
export function publicKeyOddity(text: string): string | null {
  const [type = '', body = ''] = text.trim().split(/[ \t]+/);
  if (!KEY_TYPES.includes(type)) return `GitHub takes keys of the types ${KEY_TYPES.join(', ')}.`;
  if (keyTypeOf(body) !== type) return 'Write the whole public key: what follows its type is cut off or not Base64.';
  return null;
}

/** The type that a key's body names, by the wire format of RFC 4253: a length of four bytes, then the name. */
function keyTypeOf(body: string): string | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body) || body.length % 4 !== 0) return null;
  const bytes = atob(body);
  const length = bytes.charCodeAt(3);
  if (bytes.length < 4 + length + 16 || !bytes.startsWith('\0\0\0')) return null;
  return bytes.slice(4, 4 + length);
}
