/**
 * On an open server everyone acts under one name, which the server gives in English, as it gives
 * its own.
 */
import { useWords } from '@/i18n';
import { useSession } from '@/stores/session';

export function useActorName() {
  const { t } = useWords();
  const session = useSession();
  return (name: string) => {
    if (name === 'system') return t('app.itself');
    const isOpen = session.session?.open && name === session.session.actor.name;
    return isOpen ? t('app.openActor') : name;
  };
}
