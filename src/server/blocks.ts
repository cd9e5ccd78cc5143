/** Bytes that are gathered until they are asked for as one text. */
export interface Blocks {
  /** Bytes that were appended. */
  readonly size: number;
  /** Bytes that are held for them: at most twice as many. */
  readonly capacity: number;
  append(chunk: Buffer): void;
  /** All of it, as UTF-8. */
  text(): string;
}

/** From here on a block does not double the one before. */
const LARGEST_BLOCK = 1024 * 1024;

/**
 * Copies what comes into blocks. How bytes are cut into chunks is the sender's choice: kept as they came, chunks of one
 * byte would take a Buffer each, and the bytes of the network beneath it, a hundred times of what was sent.
 */
export function createBlocks(): Blocks {
  const full: Buffer[] = [];
  let block = Buffer.alloc(0);
  let used = 0;
  let size = 0;
  let capacity = 0;

  return {
    get size() {
      return size;
    },
    get capacity() {
      return capacity;
    },
    append(chunk) {
      const fits = chunk.copy(block, used);
      used += fits;
      if (fits < chunk.length) {
        if (block.length > 0) full.push(block);
        const rest = chunk.subarray(fits);
        // Never of Node's pool, which would be kept whole for a part of it.
        block = Buffer.allocUnsafeSlow(Math.max(rest.length, Math.min(size, LARGEST_BLOCK)));
        capacity += block.length;
        used = rest.copy(block);
      }
      size += chunk.length;
    },
    text: () => Buffer.concat([...full, block], size).toString('utf8'),
  };
}
