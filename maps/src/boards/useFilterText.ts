/** What a board is narrowed to, in words; null when it counts everything. */
import { computed } from 'vue';
import { useWords } from '@/i18n';
import { useSession } from '@/stores/session';
import type { Choice } from './types';

export function useFilterText(choice: () => Choice | null) {
  const { t, word, pick, join } = useWords();
  const session = useSession();
  const serviceName = (code: string) => {
    const service = session.servicesByCode.get(code);
    return service ? pick(service.name_zh, service.name_en) : code;
  };
  return computed(() => {
    const chosen = choice();
    const parts = [
      ...(chosen?.services.map(serviceName) ?? []),
      ...(chosen?.sources.map((source) => word('source', source)) ?? []),
      ...(chosen?.priorities.map((priority) => word('priority', priority)) ?? []),
    ];
    return parts.length > 0 ? t('boards.filter.only', { what: join(parts) }) : null;
  });
}
