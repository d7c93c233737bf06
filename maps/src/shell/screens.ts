/** What the application is made of. Each screen is loaded when somebody goes there. */
import type { RouteRecordRaw } from 'vue-router';

export interface Screen {
  name: string;
  /** Below `/`. What comes behind the name belongs to the screen. */
  path: string;
  /** The key of its name in the top bar. */
  title: string;
  load: () => Promise<unknown>;
}

export const screens: readonly Screen[] = [
  { name: 'desk', path: '', title: 'desk.title', load: () => import('@/desk/DeskView.vue') },
  {
    name: 'boards',
    path: 'boards/:area?',
    title: 'boards.title',
    load: () => import('@/boards/BoardsView.vue'),
  },
  {
    name: 'boundaries',
    path: 'boundaries/:draft?',
    title: 'boundaries.title',
    load: () => import('@/boundaries/BoundariesView.vue'),
  },
  {
    name: 'people',
    path: 'people/:area?',
    title: 'people.title',
    load: () => import('@/people/PeopleView.vue'),
  },
  {
    name: 'rules',
    path: 'rules/:part?',
    title: 'rules.title',
    load: () => import('@/rules/RulesView.vue'),
  },
];

export const screenRoutes: RouteRecordRaw[] = screens.map(({ name, path, load }) => ({
  name,
  path,
  component: load as NonNullable<RouteRecordRaw['component']>,
}));
