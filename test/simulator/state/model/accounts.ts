export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly owner: Account;
  readonly bot: Account;
}

export interface Account {
  readonly kind: 'User' | 'Organization' | 'Bot';
  readonly id: number;
  readonly nodeId: string;
  readonly login: string;
}

export type RepositoryPermission = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export interface Team {
  readonly kind: 'Team';
  readonly id: number;
  readonly nodeId: string;
  readonly organization: Account;
  readonly slug: string;
  readonly members: Set<Account>;
  readonly repositories: Map<number, RepositoryPermission>;
  readonly parent: Team | null;
}

export type Level = 'read' | 'write';
export type Permissions = Readonly<Record<string, Level>>;

export interface Installation {
  readonly id: number;
  readonly account: Account;
  /** Repository ids; null means all of the account's. */
  selected: Set<number> | null;
  permissions: Permissions;
  suspendedAt: Date | null;
  readonly createdAt: Date;
  updatedAt: Date;
}

export type Token =
  | {
      readonly kind: 'installation';
      readonly value: string;
      readonly installation: Installation;
      /** Repository ids the token was narrowed to; null where it was not. */
      readonly repositories: ReadonlySet<number> | null;
      readonly permissions: Permissions;
      /** In milliseconds of the wall clock. */
      expiresAt: number;
    }
  | { readonly kind: 'user'; readonly value: string; readonly user: Account };
