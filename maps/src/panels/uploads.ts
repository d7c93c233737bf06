/** Files on their way to a case, each with how much has gone or why it did not. */
import { onScopeDispose, reactive } from 'vue';
import type { ApiError } from '@/api/client';
import type { Media } from '@/api/types';
import { asApiError } from '@/composables';
import { type NewFile, uploadMedia } from '@/desk/api';

export interface Upload {
  key: number;
  name: string;
  share: number;
  error: ApiError | null;
  again: () => void;
  abort: () => void;
}

export const acceptedFiles =
  '.jpg,.jpeg,.png,.webp,.pdf,image/jpeg,image/png,image/webp,application/pdf';

export function useUploads(incidentId: () => string, taken: (media: Media) => void) {
  const uploads = reactive<Upload[]>([]);
  let lastKey = 0;

  const drop = (key: number) => {
    const index = uploads.findIndex((upload) => upload.key === key);
    if (index >= 0) uploads.splice(index, 1);
  };

  function send(wanted: NewFile): void {
    const key = ++lastKey;
    uploads.push({
      key,
      name: wanted.file.name,
      share: 0,
      error: null,
      again: () => void start(),
      abort: () => drop(key),
    });

    async function start(): Promise<void> {
      const upload = uploads.find((item) => item.key === key);
      if (!upload) return;
      upload.error = null;
      upload.share = 0;
      const { sent, abort } = uploadMedia(incidentId(), wanted, (share) => {
        upload.share = share;
      });
      upload.abort = () => {
        abort();
        drop(key);
      };
      try {
        const media = await sent;
        drop(key);
        taken(media);
      } catch (cause) {
        upload.error = asApiError(cause);
        upload.abort = () => drop(key);
      }
    }
    void start();
  }

  onScopeDispose(() => {
    for (const { abort } of [...uploads]) abort();
  });

  return { uploads, send };
}
