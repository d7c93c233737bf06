/** Who saved a version: on an open server everyone acts under one name, given in English. */
import { useWords } from '@/i18n';
import { useSession } from '@/stores/session';

export function useSaver() {
  const { t } = useWords();
  const session = useSession();
  const saverName = (name: string) =>
    session.session?.open && name === session.session.actor.name ? t('app.openActor') : name;
  return { saverName };
}
