import type { Account, App, Team } from './accounts.ts';
import type { Repository } from './repository.ts';

export type Reviewer = Account | Team;

export interface Environment {
  readonly kind: 'Environment';
  readonly id: number;
  readonly nodeId: string;
  readonly repository: Repository;
  readonly name: string;
  readonly createdAt: Date;
  updatedAt: Date;
  waitTimer: { readonly id: number; minutes: number } | null;
  review: { readonly id: number; preventSelfReview: boolean; reviewers: readonly Reviewer[] } | null;
  branchPolicy: { readonly id: number; kind: 'protected' | 'custom' } | null;
  readonly branchPatterns: Map<number, BranchPattern>;
  readonly customRules: Map<number, CustomRule>;
  readonly variables: Map<string, Variable>;
  readonly secrets: Map<string, Secret>;
}

export interface BranchPattern {
  readonly id: number;
  name: string;
  readonly type: 'branch' | 'tag';
}

export interface CustomRule {
  readonly id: number;
  readonly app: App;
  enabled: boolean;
}

export interface Variable {
  readonly name: string;
  value: string;
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface Secret {
  readonly name: string;
  readonly createdAt: Date;
  updatedAt: Date;
}
