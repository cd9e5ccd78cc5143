import type { Redis } from 'ioredis';
import { z } from 'zod';
import { createScript } from '../../redis/script.ts';
import { RATES, takenBy, type Pace } from '../pace.ts';

/** As pace.ts has it, by Redis' clock: name, amount, at once, many, every (of each rate), and before them the patience. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local patience, wait, rests = tonumber(ARGV[2]), 0, {}
for i = 3, #ARGV, 4 do
  local each = tonumber(ARGV[i + 3])
  local rest = math.max(tonumber(redis.call('GET', ARGV[1] .. ARGV[i]) or '0'), now) + tonumber(ARGV[i + 1]) * each
  table.insert(rests, { ARGV[1] .. ARGV[i], rest })
  wait = math.max(wait, rest - now - tonumber(ARGV[i + 2]) * each)
end
if wait <= patience then
  for _, one in ipairs(rests) do
    redis.call('SET', one[1], string.format('%.3f', one[2]), 'PX', math.ceil(one[2] - now) + 1000)
  end
end
return math.ceil(wait)`;

/**
 * The pace of one installation over all processes. Where Redis is away, each keeps its own.
 * @param own.second milliseconds that a second of GitHub's takes.
 */
export function sharePace(
  redis: Redis,
  { prefix, second, own }: { readonly prefix: string; readonly second: number; readonly own: Pace },
): Pace {
  const script = createScript(TAKE, prefix);
  const scale = second / 1000;
  return {
    async take(request, patience) {
      const rates = takenBy(request).flatMap(({ rate, amount, atOnce }) => {
        const { amount: many, every } = RATES[rate];
        return [rate, amount, atOnce, (every / many) * scale];
      });
      try {
        return z.number().parse(await script(redis, patience * scale, ...rates)) / scale;
      } catch {
        return own.take(request, patience);
      }
    },
  };
}
