import type { Diagnostic } from '../policy/diagnostics.ts';
import { deployKeysParagraphs, type DeployKeysReport } from './deploy-keys-report.ts';
import { annotate, lineList, plural, summarize, type CheckRun, type Conclusion, type Paragraph } from './check-run.ts';
import { codeSpan, plainMarkdown } from './escape.ts';
import { planLineMarkdown, type PlanLine } from './plan.ts';
import { withoutValue } from './protection-lines.ts';
import { isUndone, type Finding } from './reason-codes.ts';
import { encodeState, type ReportedEvent, type ReportState } from './report-state.ts';

export const HEAD_CHECK = 'Lockkeeper';

/** A policy file as a report names it. */
export interface ReportedFile {
  /** `.github/deployments.yml`, with the repository before it where it is the owner's. */
  readonly name: string;
  readonly state: 'valid' | 'invalid' | 'unreadable';
  /** The commit that last changed it. */
  readonly commit: string | null;
  /** Where it does not parse: the newest commit whose version does; null where none of the last ten does. */
  readonly parsingCommit?: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the check run on the default branch's head tells. */
export interface HeadReport {
  readonly own: ReportedFile | null;
  readonly organisation: ReportedFile | null;
  /** The organisation's file, where it would be, if the app cannot see whether it is there. */
  readonly unseen: string | null;
  /** False: everybody can read it, so that it names variables without what they hold. */
  readonly isPrivate: boolean;
  readonly mode: 'enforce' | 'report';
  readonly findings: readonly Finding[];
  /** What would be done, where it is only told. */
  readonly planned: readonly PlanLine[];
  /** What was done lately, and what the next process is to know. */
  readonly state: ReportState;
  /** Sentences about what of the repository's file does not count. */
  readonly overruled: readonly string[];
  readonly deployKeys?: DeployKeysReport;
}

/** Renders the report. Pure: the same report gives the same run, so that nothing is written that says the same. */
export function renderHeadReport(given: HeadReport): CheckRun {
  const report = given.isPrivate ? given : withoutValues(given);
  const { own, organisation, findings } = report;
  const conclusion = concludeHead(report);
  return {
    name: HEAD_CHECK,
    conclusion,
    title: titleOf(report, conclusion),
    summary: summarize([
      // First, so that it is never cut off. Nobody sees it.
      ...[encodeState(report.state)].filter((comment) => comment !== ''),
      // What is deleted because it was announced must be found here.
      ...(report.deployKeys === undefined ? [] : deployKeysParagraphs(report.deployKeys)),
      ...(own === null ? [] : [fileLine(own)]),
      ...(organisation === null ? [] : [fileLine(organisation)]),
      ...(report.unseen === null ? [] : [unseenLine(report.unseen)]),
      ...(report.mode === 'report' ? ['`mode: report`: everything is decided and told, nothing is changed.'] : []),
      ...problems(own),
      ...problems(organisation),
      ...list('Could not be done', findings.filter(isUndone).map(findingLine)),
      ...list('Needs attention', findings.filter((finding) => !isUndone(finding)).map(findingLine)),
      ...list('Would be done', report.planned.map(planLineMarkdown)),
      ...EVENTS.flatMap(({ kind, title }) => list(title, eventLines(report.state, kind))),
      ...list(
        'Overruled by the organisation’s policy',
        report.overruled.map((message) => `- ${plainMarkdown(message)}`),
      ),
    ]),
    annotations: own === null ? [] : annotate(own.name, errorsOf(own)),
  };
}

/** Whatever was noted while only readers of a private repository could see it. */
function withoutValues(report: HeadReport): HeadReport {
  const { findings, planned, state } = report;
  return {
    ...report,
    findings: findings.map(({ logMessage, ...finding }) => ({ ...finding, message: logMessage ?? finding.message })),
    planned: planned.map(withoutValue),
    state: { ...state, events: state.events.map((event) => ({ ...event, line: withoutValue(event.line) })) },
  };
}

const EVENTS = [
  { kind: 'drifted', title: 'Had drifted, and was put back' },
  { kind: 'changed', title: 'Changed' },
  { kind: 'deleted', title: 'Deleted' },
] as const satisfies readonly { readonly kind: ReportedEvent['kind']; readonly title: string }[];

/** The newest look first, and in it what came first. */
function eventLines({ events }: ReportState, kind: ReportedEvent['kind']): readonly string[] {
  return events
    .filter((event) => event.kind === kind)
    .sort((a, b) => b.at - a.at)
    .map(
      ({ at, line }) => `${planLineMarkdown(line)} (${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC)`,
    );
}

function concludeHead(report: HeadReport): Conclusion {
  const { own, organisation } = report;
  if (own?.state === 'invalid') return 'failure';
  const wrong = [own, organisation].some(
    (file) => file !== null && (file.state !== 'valid' || errorsOf(file).length > 0),
  );
  return wrong || countWrong(report) > 0 ? 'neutral' : 'success';
}

/** What is not as the policy wants it: what was found, and what is only announced or told. */
function countWrong({ findings, planned, deployKeys: keys }: HeadReport): number {
  const wrongKeys = keys === undefined ? 0 : keys.announced.length + keys.wouldChange.length;
  return findings.length + planned.length + wrongKeys;
}

function titleOf(report: HeadReport, conclusion: Conclusion): string {
  const { own, organisation } = report;
  if (conclusion === 'failure') return 'The policy does not parse: nothing is changed';
  if (own?.state === 'unreadable') return 'The policy cannot be read: nothing is changed';
  if (organisation?.state === 'invalid') return 'The organisation’s policy does not parse: nothing is changed';
  if (conclusion === 'success') return 'The policy is in force';
  const errors = [own, organisation].reduce((sum, file) => sum + (file === null ? 0 : errorsOf(file).length), 0);
  const unreadable = organisation?.state === 'unreadable' ? 1 : 0;
  return `${plural(errors + unreadable + countWrong(report), 'thing')} to look at`;
}

function fileLine({ name, state, commit, parsingCommit }: ReportedFile): string {
  const at = commit === null ? '' : ` as of ${commit.slice(0, 12)}`;
  const told = { valid: 'in force', invalid: 'does not parse', unreadable: 'cannot be read' }[state];
  const serves =
    parsingCommit === undefined
      ? ''
      : parsingCommit === null
        ? ' None of the last ten versions parses.'
        : ` Gates go by the newest version that parses, as of ${parsingCommit.slice(0, 12)}.`;
  return `${codeSpan(name)}${at}: ${told}.${serves}`;
}

/** GitHub does not tell what is not there from what the app may not see: it is said, and is nothing that is wrong. */
function unseenLine(name: string): string {
  return `${codeSpan(name)}: cannot be seen. The app is installed on some repositories only, and the one with this file is not among them, if there is one. Install the app on it, too, or a policy of the organisation does not count here.`;
}

function problems(file: ReportedFile | null): readonly Paragraph[] {
  if (file === null) return [];
  const lines = errorsOf(file).map(
    ({ line, column, code, message }) => `- ${line}:${column} \`${code}\` ${plainMarkdown(message)}`,
  );
  return list(`Errors in ${codeSpan(file.name)}`, lines);
}

function errorsOf({ diagnostics }: ReportedFile): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error');
}

function findingLine({ code, message, environment, deployment }: Finding): string {
  const place = environment === undefined ? '' : `${codeSpan(environment)}: `;
  const which = deployment === undefined ? '' : `deployment ${deployment}: `;
  return `- ${place}${which}${plainMarkdown(message)} (\`${code}\`)`;
}

function list(title: string, lines: readonly string[]): readonly Paragraph[] {
  return lines.length === 0 ? [] : [`### ${title}`, lineList(lines)];
}
