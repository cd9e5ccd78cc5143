import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** Unpacks a zip as Lambda does, for archives without encryption and of less than 4 GB. */
export async function unzip(path: string, folder: string): Promise<void> {
  const zip = await readFile(path);
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const local = zip.readUInt32LE(at + 42);
    const file = join(folder, zip.toString('utf8', at + 46, at + 46 + name));
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(start, start + size);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, method === 0 ? data : inflateRawSync(data));
    at += 46 + name + extra + comment;
  }
}
