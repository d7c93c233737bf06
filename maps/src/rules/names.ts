/** Names for the codes that rules hold: areas as they are asked for, departments once. */
import { defineStore } from 'pinia';
import { reactive, ref } from 'vue';
import { loadArea } from '@/api/client';
import { listDepartments } from './api';

export interface Department {
  code: string;
  name: string;
}

export const useNames = defineStore('rule-names', () => {
  const areas = reactive(new Map<string, string>());
  const departments = ref<Department[]>([]);
  const asked = new Set<string>();

  /** The area's name; its code until the name is there, and when there is no such area. */
  function areaName(code: string): string {
    if (!asked.has(code)) {
      asked.add(code);
      loadArea(code)
        .then(({ name }) => areas.set(code, name))
        .catch(() => asked.delete(code));
    }
    return areas.get(code) ?? code;
  }

  async function loadDepartments(): Promise<void> {
    if (departments.value.length > 0) return;
    try {
      departments.value = namesOfKinds((await listDepartments()).items);
    } catch {
      // Rules then show the department's code; the next visit tries again.
    }
  }

  const departmentName = (code: string) =>
    departments.value.find((department) => department.code === code)?.name ?? code;

  return { areas, departments, areaName, loadDepartments, departmentName };
});

/** What all organisations of a kind have in common at the end: "淮安区司法局" … is a "司法局". */
export function namesOfKinds(
  organisations: readonly { name: string; department?: string | null }[],
): Department[] {
  const names = new Map<string, string>();
  for (const { name, department } of organisations) {
    if (!department) continue;
    const known = names.get(department);
    names.set(department, known === undefined ? name : commonEnd(known, name));
  }
  return [...names].map(([code, name]) => ({ code, name }));
}

function commonEnd(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length === 0 ? a : a.slice(a.length - length);
}
