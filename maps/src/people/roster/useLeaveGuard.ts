/** Asks before unsaved work is left behind. */
import { ElMessageBox } from 'element-plus';
import 'element-plus/es/components/message-box/style/css';
import { onScopeDispose } from 'vue';
import { useRouter } from 'vue-router';
import { useWords } from '@/i18n';

export function useLeaveGuard(dirty: () => boolean): void {
  const { t } = useWords();
  const router = useRouter();
  const removeGuard = router.beforeEach(async () => {
    if (!dirty()) return true;
    try {
      await ElMessageBox.confirm(t('people.roster.leaveHint'), t('people.roster.leave'), {
        confirmButtonText: t('people.roster.leave'),
        cancelButtonText: t('people.roster.stay'),
        type: 'warning',
      });
      return true;
    } catch {
      return false;
    }
  });
  const warn = (event: BeforeUnloadEvent) => {
    if (dirty()) event.preventDefault();
  };
  addEventListener('beforeunload', warn);
  onScopeDispose(() => {
    removeGuard();
    removeEventListener('beforeunload', warn);
  });
}
