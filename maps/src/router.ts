import { createRouter, createWebHistory } from 'vue-router';
import { screenRoutes } from '@/shell/screens';

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: () => import('@/shell/ShellView.vue'), children: screenRoutes },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});
