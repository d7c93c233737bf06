/** Matching a typed word against the service catalogue. */
import type { Catalogue, Service, ServiceGroup } from '@/api/types';

export interface ServiceGroupMatch {
  group: ServiceGroup;
  services: Service[];
}

/** The catalogue by group, kept to the services whose name, description or code has the word. */
export function groupServices(catalogue: Catalogue, word: string): ServiceGroupMatch[] {
  const wanted = word.trim().toLowerCase();
  const matches = (service: Service, group: ServiceGroup) =>
    [
      service.code,
      service.name_zh,
      service.name_en,
      service.description_zh,
      service.description_en,
      group.name_zh,
      group.name_en,
    ].some((text) => text?.toLowerCase().includes(wanted));
  return catalogue.groups
    .map((group) => ({
      group,
      services: catalogue.items.filter(
        (service) => service.group === group.code && (!wanted || matches(service, group)),
      ),
    }))
    .filter(({ services }) => services.length > 0);
}
