import type { Finding, PolicyPath } from '../diagnostics.ts';
import { isPattern } from '../pattern.ts';
import type { Lifecycle } from '../schema.ts';
import { usableEntries, warningAtKey, type LintContext } from './rule.ts';

/** Keys that do nothing beside the others of their entry, or without another. */
export function noEffect(context: LintContext): readonly Finding[] {
  return usableEntries(context.policy).flatMap(({ entry, path }) => {
    const found: Finding[] = [];
    const say = (keys: PolicyPath, message: string): void => {
      found.push(warningAtKey('no-effect', [...path, ...keys], message));
    };
    if (entry.promote !== undefined && isPattern(entry.name)) {
      say(['promote'], 'Move it to an entry of an exact name: nothing is promoted into a pattern.');
    }
    if (entry.bypass !== undefined && !context.policy.check_runs) {
      say(['bypass'], 'Take `check_runs: false` or this out: without check runs there is no button to bypass with.');
    }
    if (entry.lifecycle !== undefined) lifecycleWithoutEffect({ ...entry, lifecycle: entry.lifecycle }, say);
    return found;
  });
}

function lifecycleWithoutEffect(
  { name, lifecycle }: { readonly name: string; readonly lifecycle: Lifecycle },
  say: (keys: PolicyPath, message: string) => void,
): void {
  const ends =
    lifecycle.one_active_per !== 'none' ||
    lifecycle.inactivate_on.length > 0 ||
    lifecycle.inactivate_after !== undefined;
  if (lifecycle.transient === false) {
    if (ends || lifecycle.fail_stuck_after !== undefined || lifecycle.delete !== undefined) {
      say(['lifecycle', 'transient'], 'Take it or the other keys out: `transient: false` turns the lifecycle off.');
    }
    return;
  }
  if (lifecycle.keep_label !== undefined && lifecycle.inactivate_after === undefined) {
    say(['lifecycle', 'keep_label'], 'Write `inactivate_after` too: the label exempts from that alone.');
  }
  if (lifecycle.on_inactive !== undefined && !ends) {
    say(['lifecycle', 'on_inactive'], 'Write when deployments end: without that, nothing is made inactive here.');
  }
  if (lifecycle.delete === undefined) return;
  const { after, environment } = lifecycle.delete;
  if (after === undefined && !environment) {
    say(['lifecycle', 'delete'], 'Write `after`: without it, no deployment is deleted.');
  }
  if (environment && !isPattern(name)) {
    say(['lifecycle', 'delete', 'environment'], 'Take it out: only environments that a pattern matches are deleted.');
  }
}
