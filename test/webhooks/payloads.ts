/** Deliveries cut down to what is read; `test/webhooks/examples.test.ts` holds them against whole ones. */
export const place = {
  installation: { id: 5 },
  repository: { id: 7, name: 'shop', owner: { login: 'acme' }, default_branch: 'main', archived: false },
} as const;

export const deployment = {
  id: 11,
  environment: 'Review/One',
  original_environment: 'Review/One',
  created_at: '2026-03-02T09:00:00Z',
} as const;

export const repository = { id: 7, owner: 'acme', name: 'shop' } as const;
