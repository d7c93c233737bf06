/** The part of the queue that the address asks for, by urgency: the list, the map and the plan. */
import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useNow } from '@/composables';
import { isFiltered, passes } from '@/domain/filter';
import { deadlineStateAt, sortByUrgency } from '@/domain/urgency';
import { useDesk } from './desk';
import { useQueue } from './queue';
import { useSession } from './session';

/** Deadlines pass without a notice: the order is looked over this often. */
const sortMs = 5000;

export const useQueueView = defineStore('queueView', () => {
  const queue = useQueue();
  const desk = useDesk();
  const session = useSession();
  const now = useNow(sortMs);

  /** Who the viewer is to a case; an administrator is nobody's worker and in no organisation. */
  const me = computed(() => {
    const { worker, organisation } = session.session?.actor ?? {};
    return [worker, organisation].filter((id) => typeof id === 'string');
  });
  const filtered = computed(() => isFiltered(desk.filter));
  const wanted = computed(() => {
    if (!filtered.value) return queue.list;
    const context = {
      services: session.servicesByCode,
      me: me.value,
      stateOf: (entry: (typeof queue.list)[number]) => deadlineStateAt(entry, now.value),
    };
    return queue.list.filter((entry) => passes(entry, desk.filter, context));
  });
  const sorted = computed(() => sortByUrgency(wanted.value, now.value));
  const lateCount = computed(
    () => queue.list.filter((entry) => deadlineStateAt(entry, now.value) === 'late').length,
  );

  return { me, filtered, wanted, sorted, lateCount };
});
