import { z } from 'zod';
import type { InstallationId, RepositoryRef } from '../github/ids.ts';
import { actorLogin, commitHash, environmentName, login, refName, repositoryName } from '../github/names.ts';
import { deploymentId, installationId, repositoryId } from '../github/trusted.ts';
import type { Subject } from '../jobs/job.ts';
import { pullRequestOf } from '../lifecycle/belonging.ts';
import { ignored, type Outcome, type ReaderContext, type WebhookReader } from './outcome.ts';

/*
 * The parts of deliveries that are read. A signature says that GitHub sent it, not that it is as we think: everything
 * that ends up in a job is checked here.
 */

const id = z.int().positive();
/** Whoever did what the delivery tells of: people and bots. */
export const senderSlice = z.object({ login: actorLogin });

export const deploymentSlice = z.object({
  id: id.transform(deploymentId),
  environment: environmentName,
  original_environment: environmentName.optional(),
  created_at: z.iso.datetime({ offset: true }),
  ref: refName.optional(),
  sha: commitHash.optional(),
});

type DeploymentSubject = Extract<Subject, { readonly kind: 'deployment' }>;

/** The deployment that a job is about. */
export function aboutDeployment({
  id: number,
  created_at,
  ref,
  sha,
}: z.output<typeof deploymentSlice>): DeploymentSubject {
  const pullRequest = pullRequestOf(ref ?? '');
  const commit = sha === undefined ? {} : { sha };
  const subject = { kind: 'deployment', id: number, createdAt: created_at, ...commit } as const;
  return pullRequest === null ? subject : { ...subject, pullRequest };
}

const installationSlice = z.object({ installation: z.object({ id: id.transform(installationId) }) });

const repositorySlice = z.object({
  repository: z.object({
    id: id.transform(repositoryId),
    name: repositoryName,
    owner: z.object({ login }),
    default_branch: refName.optional(),
    archived: z.boolean().optional(),
  }),
});

/** A repository where only these two are said, as events about installations do. */
export const namedRepository = z
  .object({ id: id.transform(repositoryId), full_name: z.string() })
  .transform(({ id: repository, full_name }, context): RepositoryRef => {
    const [owner, name, ...rest] = full_name.split('/');
    if (rest.length > 0 || !login.safeParse(owner).success || !repositoryName.safeParse(name).success) {
      context.addIssue('not a full name');
      return z.NEVER;
    }
    return { id: repository, owner: owner ?? '', name: name ?? '' };
  });

/** Where something happened. */
export interface Place {
  readonly installation: InstallationId;
  readonly repository: RepositoryRef;
  readonly defaultBranch: string | null;
}

/** A reader of an event of an installation that looks at `shape`. */
export function readsInstallation<T>(
  shape: z.ZodType<T>,
  read: (payload: T, installation: InstallationId) => Outcome,
): WebhookReader {
  return (payload) => {
    const place = installationSlice.safeParse(payload);
    if (!place.success) return ignored('it names no installation');
    const parsed = shape.safeParse(payload);
    return parsed.success ? read(parsed.data, place.data.installation.id) : ignored(misshapen(parsed.error));
  };
}

/** A reader of an event of a repository that looks at `shape`. Archived repositories are left alone. */
export function readsRepository<T>(
  shape: z.ZodType<T>,
  read: (payload: T, place: Place, context: ReaderContext) => Outcome,
): WebhookReader {
  return (payload, context) => {
    const where = installationSlice.safeParse(payload);
    if (!where.success) return ignored('it names no installation');
    const what = repositorySlice.safeParse(payload);
    if (!what.success) return ignored(misshapen(what.error));
    const { repository } = what.data;
    if (repository.archived === true) return ignored('the repository is archived');
    const parsed = shape.safeParse(payload);
    if (!parsed.success) return ignored(misshapen(parsed.error));
    const place: Place = {
      installation: where.data.installation.id,
      repository: { id: repository.id, owner: repository.owner.login, name: repository.name },
      defaultBranch: repository.default_branch ?? null,
    };
    return read(parsed.data, place, context);
  };
}

/** Names the place, never what is there. */
function misshapen(error: z.ZodError): string {
  return `it is not as GitHub documents it, at ${error.issues[0]?.path.join('.') ?? 'its top'}`;
}
