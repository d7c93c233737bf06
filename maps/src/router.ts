import { createRouter, createWebHistory } from 'vue-router';

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'desk', component: () => import('@/desk/DeskView.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});
