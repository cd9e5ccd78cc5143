import { actorOfRest } from '../gates/accounts.ts';
import { decideGates } from '../gates/decide.ts';
import { gatesPolicyFor, neededFacts } from '../gates/gates-policy.ts';
import { observeGates } from '../gates/observe.ts';
import { observeRef, type DeployableRef } from '../gates/observe-ref.ts';
import { fullName } from '../github/ids.ts';
import { instantOfMoment } from '../policy/local-time.ts';
import { parseMoment } from '../policy/moment.ts';
import { renderDiagnostic, toDocument } from '../policy/render.ts';
import type { Policy } from '../policy/schema.ts';
import { gateCheckName } from '../reports/gate-check.ts';
import type { GateDecision } from '../reports/gate-decision.ts';
import { gateDecisionDocument } from '../reports/gate-document.ts';
import { gateTable } from '../reports/gate-terminal.ts';
import type { Environment } from '../settings.ts';
import type { Console } from './console.ts';
import { CommandFailure, EXIT, type ExitCode } from './exit-code.ts';
import { openRepository, tellingFailures, type SeenRepository } from './person.ts';
import { loadGovernance, readProposed, type FileDiagnostic } from './plan/governing.ts';

export interface ExplainOptions {
  /** `OWNER/NAME`. */
  readonly repository: string;
  readonly deployTo: string;
  /** A branch, a tag or a commit. */
  readonly ref: string;
  /** A login; null: whoever the token belongs to. */
  readonly creator: string | null;
  /** As a policy writes moments, in UTC where it has no offset; null: now. */
  readonly at: string | null;
  /** A path; null: the repository's own policy. */
  readonly policyFile: string | null;
  readonly json: boolean;
  readonly environment: Environment;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A deployment that has not happened. */
interface Imagined {
  readonly environment: string;
  readonly ref: string;
  readonly sha: string;
  readonly creator: string;
  readonly at: number;
}

/** What `--json` prints. */
interface ExplainDocument {
  readonly version: 1;
  readonly repository: string;
  /** Null where no policy governs the repository. */
  readonly mode: Policy['mode'] | null;
  readonly environment: string;
  readonly ref: string;
  readonly sha: string | null;
  readonly creator: string | null;
  readonly at: string | null;
  /** Null where the policy has errors; a repository without a policy approves everything. */
  readonly decision: ReturnType<typeof gateDecisionDocument> | null;
  readonly diagnostics: readonly object[];
}

const NO_GATES: GateDecision = { verdict: 'approved', results: [], changesAt: null, bypass: null, heldUntil: null };

/**
 * `lockkeeper explain`: what the gates would say of a deployment that has not happened. Reads only.
 * @throws CommandFailure
 */
export async function explain(options: ExplainOptions, console: Console): Promise<ExitCode> {
  const { policyFile } = options;
  const at = options.at === null ? options.now : readTime(options.at);
  const proposed = policyFile === null ? null : await readProposed(policyFile);
  if (proposed !== null && proposed.errors.length > 0) return tellErrors(proposed.errors, options, console);
  return tellingFailures(options.environment, async () => {
    const seen = await openRepository(options.repository, options.environment);
    const governance = await loadGovernance(seen, proposed?.file ?? null);
    if (governance.kind === 'errors') {
      return tellErrors(governance.diagnostics, { ...options, repository: fullName(seen.repository) }, console);
    }
    const { found, viewer } = await observeRef(seen.github, seen.repository, options.ref);
    if (found === null) {
      throw new CommandFailure(EXIT.usage, `${fullName(seen.repository)} has no branch, tag or commit ${options.ref}.`);
    }
    const imagined: Imagined = {
      environment: options.deployTo,
      ref: options.ref,
      sha: found.sha,
      creator: options.creator ?? viewer,
      at,
    };
    if (governance.kind === 'none') {
      if (!options.json) console.say(governance.why);
      return tell({ seen, imagined, mode: null, decision: NO_GATES }, options, console);
    }
    const { policy } = governance;
    const decision = await decide(seen, { policy, imagined, found });
    return tell({ seen, imagined, mode: policy.mode, decision }, options, console);
  });
}

async function decide(
  { github, repository }: SeenRepository,
  asked: {
    readonly policy: Policy;
    readonly imagined: Imagined;
    readonly found: NonNullable<DeployableRef['found']>;
  },
): Promise<GateDecision> {
  const { imagined, found } = asked;
  const { environment, at, creator } = imagined;
  const policy = gatesPolicyFor(asked.policy, environment);
  const observed = await observeGates(github, {
    repository,
    environment,
    spellings: [environment],
    now: at,
    needs: neededFacts(policy),
    candidates: [
      { kind: 'imagined', key: 'imagined', ...found, createdAt: at, creator: actorOfRest({ login: creator }) },
    ],
    appId: null,
    checkName: gateCheckName(environment),
    recall: () => ({ answered: new Map(), bypasses: [] }),
    settledBefore: null,
  });
  const [decision] = observed === null ? [] : decideGates({ snapshot: observed.snapshot, policy, now: at }).values();
  if (decision !== undefined) return decision;
  throw new CommandFailure(EXIT.github, `${fullName(repository)} cannot be read any more.`);
}

function tell(
  told: {
    readonly seen: SeenRepository;
    readonly imagined: Imagined;
    readonly mode: Policy['mode'] | null;
    readonly decision: GateDecision;
  },
  { json }: ExplainOptions,
  { print, printDocument, paint }: Console,
): ExitCode {
  const { seen, imagined, mode, decision } = told;
  if (json) {
    const document: ExplainDocument = {
      version: 1,
      repository: fullName(seen.repository),
      mode,
      ...imagined,
      at: new Date(imagined.at).toISOString(),
      decision: gateDecisionDocument(decision),
      diagnostics: [],
    };
    printDocument(document);
  } else {
    for (const line of gateTable(decision, paint)) print(line);
    if (mode === 'report') print('The policy says `mode: report`: this is told, and the deployment is approved.');
  }
  return CODES[decision.verdict];
}

const CODES = { approved: EXIT.done, waiting: EXIT.waiting, rejected: EXIT.rejected } as const;

function tellErrors(errors: readonly FileDiagnostic[], options: ExplainOptions, console: Console): ExitCode {
  if (options.json) {
    const document: ExplainDocument = {
      version: 1,
      repository: options.repository,
      mode: null,
      environment: options.deployTo,
      ref: options.ref,
      sha: null,
      creator: options.creator,
      at: null,
      decision: null,
      diagnostics: errors.map(({ file, diagnostic }) => ({ file, ...toDocument(diagnostic) })),
    };
    console.printDocument(document);
  } else for (const { file, diagnostic } of errors) console.print(renderDiagnostic(file, diagnostic));
  console.say('error: The policy has errors: nothing is explained until they are mended.');
  return EXIT.policyErrors;
}

function readTime(text: string): number {
  const moment = parseMoment(text);
  if (moment.kind === 'ok') return instantOfMoment(moment.value, 'UTC', 'start');
  throw new CommandFailure(EXIT.usage, `--at must be a moment such as 2026-12-24T18:00 or 2026-12-24T18:00+01:00.`);
}
