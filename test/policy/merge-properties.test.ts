import fc from 'fast-check';
import { matchEntry } from '../../src/policy/match.ts';
import { mergePolicies, type EffectivePolicy, type PolicySource } from '../../src/policy/merge.ts';
import { sourceOf } from './source-of.ts';

const ENVIRONMENTS = ['production', 'staging', 'review/1', 'Review/2', 'prod-eu'];
const NAMES = [...ENVIRONMENTS, 'prod*', 'review/*', '**', '{production,staging}'];

const entry = (locked: fc.Arbitrary<boolean>) =>
  fc.record(
    {
      name: fc.constantFrom(...NAMES),
      locked,
      gates: fc.constantFrom([], [{ max_in_progress: 1 }], [{ latest_only: true }, { checks: ['a'] }]),
      protection: fc.record({ wait_timer: fc.constantFrom(0, 5, 50_000) }),
      lifecycle: fc.constantFrom({}, { transient: false }, { transient: true, inactivate_after: '2d' }),
      bypass: fc.constant({ users: ['octocat'] }),
    },
    { requiredKeys: ['name'] },
  );

const reaction = fc.constantFrom('report', 'delete');
const age = fc.constantFrom('1d', '10d', '30d');

const file = (locked: fc.Arbitrary<boolean>): fc.Arbitrary<PolicySource> =>
  fc
    .record(
      {
        mode: fc.constantFrom('enforce', 'report'),
        environments: fc.uniqueArray(entry(locked), { selector: ({ name }) => name.toLowerCase(), maxLength: 5 }),
        freezes: fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c') }), { selector: ({ name }) => name }),
        limits: fc.record({ inactivate: fc.nat(9), delete: fc.nat(9), keys: fc.nat(9) }, { requiredKeys: [] }),
        deploy_keys: fc.record(
          {
            allow: fc.uniqueArray(
              fc.record(
                { title: fc.constantFrom('x', 'y', 'z'), read_only: fc.boolean() },
                { requiredKeys: ['title'] },
              ),
              { selector: ({ title }) => title },
            ),
            on_unknown: reaction,
            on_write_access: reaction,
            on_expired: reaction,
            max_age: age,
            unused_for: age,
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    )
    .map((policy) => sourceOf('file.yml', JSON.stringify({ version: 1, ...policy })));

const two = fc.record({ organisation: file(fc.boolean()), repository: fc.option(file(fc.constant(false))) });

/** Checks what holds for whatever a repository writes under an organisation's file. */
function always(
  claim: (merged: EffectivePolicy, organisation: PolicySource, repository: PolicySource | null) => void,
): void {
  fc.assert(
    fc.property(two, ({ organisation, repository }) => {
      const merged = mergePolicies({ organisation, repository, repositoryName: 'shop' });
      if (merged === null) throw new Error('An organisation’s file governs every repository');
      claim(merged, organisation, repository);
    }),
  );
}

test('an environment that a locked entry matches has that entry, whole', () => {
  always((merged, organisation) => {
    const locked = { environments: organisation.policy.environments.filter((item) => item.locked) };
    for (const environment of ENVIRONMENTS) {
      const mandated = matchEntry(locked, environment);
      if (mandated === null) continue;
      expect(matchEntry(merged, environment)).toEqual({ ...mandated, rank: 0, own: false });
    }
  });
});

test('no freeze of the organisation’s is lost', () => {
  always((merged, organisation) => {
    expect(merged.freezes).toEqual(expect.arrayContaining([...organisation.policy.freezes]));
  });
});

test('a mode that the organisation writes is the one in force', () => {
  always((merged, organisation) => {
    if (organisation.locate(['mode']) !== null) expect(merged.mode).toBe(organisation.policy.mode);
  });
});

test('no limit is larger than the organisation’s', () => {
  always((merged, organisation) => {
    for (const key of ['inactivate', 'delete', 'keys'] as const) {
      if (organisation.locate(['limits', key]) === null) continue;
      expect(merged.limits[key]).toBeLessThanOrEqual(organisation.policy.limits[key]);
    }
  });
});

test('no reaction is milder and no age longer than the organisation’s', () => {
  always((merged, organisation) => {
    const theirs = organisation.policy.deploy_keys;
    for (const key of ['on_unknown', 'on_write_access', 'on_expired'] as const) {
      if (theirs?.[key] === 'delete') expect(merged.deploy_keys?.[key]).toBe('delete');
    }
    for (const key of ['max_age', 'unused_for'] as const) {
      if (theirs?.[key] !== undefined) expect(merged.deploy_keys?.[key]).toBeLessThanOrEqual(theirs[key]);
    }
  });
});

test('a key that the organisation does not allow to write may not write where it deletes such keys', () => {
  always((merged, organisation) => {
    const theirs = organisation.policy.deploy_keys;
    if (theirs?.on_write_access !== 'delete') return;
    const mayWrite = theirs.allow.filter(({ read_only: readOnly }) => !readOnly).map(({ title }) => title);
    for (const key of merged.deploy_keys?.allow ?? []) if (!key.read_only) expect(mayWrite).toContain(key.title);
  });
});

test('only names that the repository writes are its own', () => {
  always((merged, _organisation, repository) => {
    const names = repository?.policy.environments.map(({ name }) => name) ?? [];
    for (const item of merged.environments) if (item.own) expect(names).toContain(item.name);
  });
});

test('what is in force is what nobody overruled: without an organisation’s file, all of it', () => {
  fc.assert(
    fc.property(file(fc.constant(false)), (repository) => {
      const merged = mergePolicies({ organisation: null, repository, repositoryName: 'shop' });
      expect(merged).toMatchObject({ environments: repository.policy.environments, overruled: [] });
    }),
  );
});
