import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import elementPlus from 'unplugin-element-plus/vite';
import { defineConfig } from 'vitest/config';

const server = process.env.WANGGE_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // Element Plus components are imported by name; the plugin adds the styles of just those.
  plugins: [vue(), elementPlus({})],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': server, '/layers': server, '/basemap': server, '/tiles': server } },
  build: { target: 'es2022', chunkSizeWarningLimit: 1600 },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
