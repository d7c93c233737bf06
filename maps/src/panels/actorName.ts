/** On an open server everyone acts under one name, which the server gives in English. */
import { useWords } from '@/i18n';
import { useSession } from '@/stores/session';

export function useActorName() {
  const { t } = useWords();
  const session = useSession();
  return (name: string) =>
    session.session?.open && name === session.session.actor.name ? t('app.openActor') : name;
}
