import type { Redis } from 'ioredis';
import { z } from 'zod';
import { createScript } from '../../redis/script.ts';
import type { BrakedPlace, Brakes } from '../brakes.ts';
import type { Judged } from '../judge.ts';

const DAY = 86_400_000;
/** A repository that nobody has looked at for so long has no policy that could have changed. */
const JUDGED_FOR = 60 * DAY;

const FIND = `
local at = ARGV[1] .. 'judged:' .. ARGV[2]
redis.call('PEXPIRE', at, ARGV[3])
return redis.call('HMGET', at, 'accepted', 'held')`;

/** place, lifetime, what was known (accepted, held), what is to be known → whether nobody was quicker. */
const JUDGE = `
local at = ARGV[1] .. 'judged:' .. ARGV[2]
local known = redis.call('HMGET', at, 'accepted', 'held')
if (known[1] or '') ~= ARGV[4] or (known[2] or '') ~= ARGV[5] then return 0 end
redis.call('HSET', at, 'accepted', ARGV[6], 'held', ARGV[7])
redis.call('PEXPIRE', at, ARGV[3])
return 1`;

/** place, lifetime, then of each kind: its name, what is wanted, the limit → what is taken of each. */
const TAKE = `
local at, taken = ARGV[1] .. 'spent:' .. ARGV[2], {}
for i = 4, #ARGV, 3 do
  local used = tonumber(redis.call('HGET', at, ARGV[i]) or '0')
  local some = math.max(0, math.min(tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]) - used))
  redis.call('HSET', at, ARGV[i], used + some)
  table.insert(taken, some)
end
redis.call('PEXPIRE', at, ARGV[3])
return taken`;

/** place, then of each kind: its name, what was not used. Nothing is left to give back to after a sweep. */
const GIVE_BACK = `
local at = ARGV[1] .. 'spent:' .. ARGV[2]
for i = 3, #ARGV, 2 do
  local used = tonumber(redis.call('HGET', at, ARGV[i]) or '0')
  if used > 0 then redis.call('HSET', at, ARGV[i], math.max(0, used - tonumber(ARGV[i + 1]))) end
end
return 0`;

const found = z.tuple([z.string().nullable(), z.string().nullable()]);
const amount = z.number().int().nonnegative();
const amounts = z.tuple([amount, amount, amount]);

/**
 * The brakes of all processes that share a Redis. Where it is away, they reject: the job is tried again once it is back,
 * and until then nothing is ended or deleted.
 */
export function createRedisBrakes(
  redis: Redis,
  { prefix, sweepInterval }: { readonly prefix: string; readonly sweepInterval: number },
): Brakes {
  const find = createScript(FIND, prefix);
  const judge = createScript(JUDGE, prefix);
  const take = createScript(TAKE, prefix);
  const giveBack = createScript(GIVE_BACK, prefix);
  /** Until a sweep has surely come, as long as there are any. */
  const spentFor = 2 * sweepInterval + DAY;

  async function judged(place: BrakedPlace): Promise<Judged | undefined> {
    const [accepted, held] = found.parse(await find(redis, nameOf(place), JUDGED_FOR));
    return accepted === null ? undefined : { accepted, held: held === null || held === '' ? null : held };
  }

  return {
    isShared: true,
    judged,
    async judge(place, next) {
      for (;;) {
        const before = await judged(place);
        const after = next(before);
        const versions = [before, after].flatMap((one) => [one?.accepted ?? '', one?.held ?? '']);
        if ((await judge(redis, nameOf(place), JUDGED_FOR, ...versions)) === 1) return { before, after };
      }
    },
    async take(place, { wanted, limits }) {
      const asked = KINDS.flatMap((kind) => [kind, wanted[kind], limits[kind]]);
      const [inactivate, deletions, keys] = amounts.parse(await take(redis, nameOf(place), spentFor, ...asked));
      return { inactivate, delete: deletions, keys };
    },
    async giveBack(place, unused) {
      await giveBack(redis, nameOf(place), ...KINDS.flatMap((kind) => [kind, unused[kind]]));
    },
    async renew(place) {
      await redis.del(`${prefix}spent:${nameOf(place)}`);
    },
  };
}

const KINDS = ['inactivate', 'delete', 'keys'] as const;

function nameOf({ installation, repository }: BrakedPlace): string {
  return `${installation}/${repository.id}`;
}
