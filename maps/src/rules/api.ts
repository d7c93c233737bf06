/** Rules: reading, trying and replacing them. */
import { client, unwrap } from '@/api/client';
import type { components } from '@/api/schema';
import { completeBook } from './book';
import type { KeptRules, Rulebook } from './types';

const kept = (answer: components['schemas']['RulesAnswer']): KeptRules => ({
  ...answer,
  rules: completeBook(answer.rules),
});

/** The rules in force, or those of a version; 0 are those that are built in. */
export const loadRules = async (version?: number): Promise<KeptRules> =>
  kept(await unwrap(client.GET('/api/v1/rules', { params: { query: { version } } })));

export const listRuleVersions = () => unwrap(client.GET('/api/v1/rules/versions'));

/** `base` is the version that the rules were made from; when another is in force, it is refused. */
export const saveRules = async (
  base: number,
  rules: Rulebook,
  note: string | null,
): Promise<KeptRules> =>
  kept(await unwrap(client.PUT('/api/v1/rules', { body: { base, note, rules } })));

/** Which incidents of the past are looked at. */
export interface RehearsalScope {
  since: string;
  until: string;
  area: string | null;
}

export const rehearseRules = (rules: Rulebook, scope: RehearsalScope) =>
  unwrap(client.POST('/api/v1/rules/rehearsal', { body: { rules, ...scope } }));

const mostOrganisations = 1000;
export const listDepartments = () =>
  unwrap(
    client.GET('/api/v1/organisations', {
      params: { query: { kind: 'department', limit: mostOrganisations } },
    }),
  );
