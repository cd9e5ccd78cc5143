import { z } from 'zod';
import { environmentKey, type CommitSha, type RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { isCommitSha } from '../github/trusted.ts';
import { loadLanded } from '../policy/load-landed.ts';
import { notUnderstood, throwOnOutage, type LoadedFiles } from '../policy/load.ts';
import { matchEntry } from '../policy/match.ts';
import type { Policy, Promote } from '../policy/schema.ts';
import { slugOfViewer } from './accounts.ts';
import {
  commitPageAnswer,
  deployedHereAnswer,
  environmentAnswer,
  historyAnswer,
  promotionSourcesAnswer,
  waitingDeploymentsAnswer,
  type PromotionSourceAnswer,
} from './answers.ts';
import { dueSources } from './decide-promotion.ts';
import { pastDeployment, stateOf, succeededSince } from './deployments.ts';
import { COMMIT_HISTORY, PROMOTION } from './documents.ts';
import { createCompare, type Compare } from './observe-compare.ts';
import { unreadableError } from './observe-more.ts';
import { deployedHere, straysAmong } from './promoted-here.ts';
import type { PromotionSnapshot, PromotionSource } from './promotion-snapshot.ts';
import { known, mapFact, NOT_ASKED, readPart, unreadable, type PartialAnswer } from './read-fact.ts';
import type { Fact } from './snapshot.ts';

export interface ObservePromotionQuestion {
  readonly repository: RepositoryRef;
  /** Where is promoted to, in whatever spelling. */
  readonly environment: string;
  readonly promote: Promote;
  /** What the policy was made of: their history tells since when it promotes. */
  readonly files: LoadedFiles;
  /** How an environment may be spelled in its deployments. */
  readonly spellings: (environment: string) => readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Observes what may be promoted into an environment: one request, and where something is due, one more and one for each
 * commit here that might be newer. Null where nothing may be done: the repository is gone, archived, or another one.
 * @throws GitHubError
 */
export async function observePromotion(
  github: GitHubReader,
  question: ObservePromotionQuestion,
): Promise<PromotionSnapshot | null> {
  const read = await readPromotion(github, question);
  if (read === null) return null;
  const { answer, environment } = read;
  const part = readPart(answer, ['repository', 'sources'], promotionSourcesAnswer);
  const nodes = part.kind === 'known' ? part.value.nodes : [];
  const sources = part.kind === 'unreadable' ? part : sourcesOf(nodes, question.promote.from);
  const there = mapFact(readPart(answer, ['repository', 'here'], deployedHereAnswer), (found) => found.nodes);
  const strays = straysAmong(there.kind === 'known' ? there.value : [], { sources, slug: read.slug });
  const isStray = ({ databaseId }: { readonly databaseId: number }): boolean =>
    [...strays.standing, ...strays.ended].some((id) => Number(id) === databaseId);
  const snapshot: PromotionSnapshot = {
    environment,
    landedAt: await landedAt(github, question, sources),
    sources,
    deployedHere: deployedHere(nodes, { environment: question.environment, isStray }),
    strays,
  };
  const due = new Set(dueSources({ snapshot, promote: question.promote, now: question.now }).map(({ id }) => id));
  if (due.size === 0 || sources.kind === 'unreadable') return snapshot;
  const here = mapFact(there, (all) =>
    all
      .filter((one) => !isStray(one))
      .map(({ commitOid }) => commitOid)
      .filter(isCommitSha),
  );
  const compare = createCompare(github, question.repository);
  const asked: PromotionSource[] = [];
  for (const source of sources.value) {
    if (!due.has(source.id)) asked.push(source);
    else asked.push({ ...source, newerHere: await observeNewer(github, { ...question, source, here, compare }) });
  }
  return { ...snapshot, sources: known(asked) };
}

async function readPromotion(
  github: GitHubReader,
  { repository, environment, promote, spellings }: ObservePromotionQuestion,
): Promise<{ readonly answer: PartialAnswer; readonly environment: string; readonly slug: string | null } | null> {
  const { owner, name, id } = repository;
  const from = new Set([promote.from, ...spellings(promote.from)]);
  const to = new Set([environment, ...spellings(environment)]);
  for (;;) {
    const { data, problems } = await github.query(PROMOTION, {
      owner,
      name,
      from: promote.from,
      fromSpellings: [...from],
      to: environment,
      toSpellings: [...to],
    });
    throwOnOutage(PROMOTION.name, problems);
    const parsed = waitingDeploymentsAnswer.safeParse(data);
    if (!parsed.success) throw notUnderstood(PROMOTION.name);
    const found = parsed.data.repository;
    if (found === null || found.isArchived || found.databaseId !== id) return null;
    const answer = { root: parsed.data, problems };
    const spelled = (alias: 'from' | 'to'): string | null => {
      const part = readPart(answer, ['repository', alias], environmentAnswer);
      return part.kind === 'known' ? (part.value?.name ?? null) : null;
    };
    const [spelledFrom, spelledTo] = [spelled('from'), spelled('to')];
    const isNew = [[spelledFrom, from] as const, [spelledTo, to] as const].filter(
      ([one, all]) => one !== null && !all.has(one),
    );
    const { viewer } = parsed.data;
    if (isNew.length === 0) {
      return { answer, environment: spelledTo ?? environment, slug: viewer ? slugOfViewer(viewer.login) : null };
    }
    for (const [one, all] of isNew) if (one !== null) all.add(one);
  }
}

function sourcesOf(nodes: readonly PromotionSourceAnswer[], from: string): Fact<readonly PromotionSource[]> {
  const sources: PromotionSource[] = [];
  for (const node of nodes) {
    const made = pastDeployment(node);
    if (made === null || made.statuses === null)
      return unreadable(`deployment ${node.databaseId} says more than is read`);
    if (made.environment !== environmentKey(from) || node.commit === null) continue;
    const state = stateOf(made.statuses[0]);
    sources.push({
      id: made.id,
      sha: made.sha,
      ref: made.ref?.name ?? made.sha,
      task: node.task ?? 'deploy',
      payload: payloadOf(node.payload),
      createdAt: made.createdAt,
      state,
      succeededAt: state === 'success' ? succeededSince(made.statuses) : null,
      refHolds: known(node.ref === null || (node.ref.target?.target ?? node.ref.target)?.oid === made.sha),
      newerHere: NOT_ASKED,
    });
  }
  return known(sources.sort((a, b) => b.createdAt - a.createdAt || b.id - a.id));
}

/** GraphQL gives the payload as JSON, whatever it was. */
function payloadOf(payload: string | null): PromotionSource['payload'] {
  if (payload === null || payload === '') return {};
  try {
    return payloadForm.parse(JSON.parse(payload));
  } catch {
    return payload;
  }
}

const payloadForm = z.union([z.string(), z.record(z.string(), z.unknown())]);

/** Since when the policy promotes, as far as the oldest success asks for it. */
async function landedAt(
  github: GitHubReader,
  { repository, files, environment, promote }: ObservePromotionQuestion,
  sources: Fact<readonly PromotionSource[]>,
): Promise<Fact<number>> {
  if (sources.kind === 'unreadable') return sources;
  const successes = sources.value.flatMap(({ succeededAt }) => succeededAt ?? []);
  const from = environmentKey(promote.from);
  const says = (policy: Policy): boolean => {
    const then = matchEntry(policy, environment)?.promote;
    return then !== undefined && environmentKey(then.from) === from;
  };
  try {
    return known(await loadLanded(github, { repository, files, says, since: Math.min(...successes) - 1 }));
  } catch (error) {
    return unreadableError(error);
  }
}

/** More commits than this that might be newer, and nobody can tell. */
const MOST_COMPARED = 10;

/** Whether a descendant of a commit came here before it. */
async function observeNewer(
  github: GitHubReader,
  asked: {
    readonly repository: RepositoryRef;
    readonly source: PromotionSource;
    readonly here: Fact<readonly CommitSha[]>;
    readonly compare: Compare;
  },
): Promise<Fact<boolean>> {
  const { source, here, compare } = asked;
  if (here.kind === 'unreadable') return here;
  if (here.value.length === 0) return known(false);
  const behind = await observeHistory(github, asked.repository, source.sha);
  if (behind.kind === 'unreadable') return behind;
  const others = [...new Set(here.value)].filter((sha) => sha !== source.sha && !behind.value.has(sha));
  if (others.length > MOST_COMPARED) return unreadable(`${others.length} commits here may be newer`);
  for (const other of others) {
    const relation = await compare(source.sha, other);
    if (relation.kind === 'unreadable') return relation;
    if (relation.value === 'ahead') return known(true);
  }
  return known(false);
}

async function observeHistory(
  github: GitHubReader,
  { owner, name, id }: RepositoryRef,
  oid: CommitSha,
): Promise<Fact<ReadonlySet<string>>> {
  try {
    const { data, problems } = await github.query(COMMIT_HISTORY, { owner, name, oid });
    const parsed = commitPageAnswer.safeParse(data);
    if (!parsed.success || parsed.data.repository?.databaseId !== id) return unreadable('GitHub did not answer');
    const part = readPart({ root: parsed.data, problems }, ['repository', 'object', 'history'], historyAnswer);
    return mapFact(part, ({ nodes }) => new Set(nodes.map((commit) => commit.oid)));
  } catch (error) {
    return unreadableError(error);
  }
}
