/** A browser on the desk, and the moves that journeys share. */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import type {} from '../../src/map/controller';

export const baseUrl = process.env.WANGGE_URL ?? 'http://127.0.0.1:8080';

const imageFolder = fileURLToPath(new URL('../../../docs/images', import.meta.url));
const viewport = { width: 1366, height: 768 };

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.WANGGE_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
  });
}

export interface Place {
  lon: number;
  lat: number;
}

export interface PlaceInGrid extends Place {
  gridName: string;
}

/** What journeys need of `window.__wangge`. */
type Hook = NonNullable<Window['__wangge']>;

/** Opens the desk and waits until the map has drawn its first view. Faults of the page fail it. */
export async function openDesk(browser: Browser, path = '/', base = baseUrl): Promise<Page> {
  const page = await browser.newPage({ viewport, locale: 'zh-CN' });
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(base + path);
  await waitForMap(page);
  return page;
}

export async function waitForMap(page: Page): Promise<void> {
  await page.waitForFunction(() => window.__wangge !== undefined);
  await page.evaluate(() => (window.__wangge as Hook).ready);
}

export async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(baseUrl + path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()) as T;
}

export async function postJson<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(baseUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Workers near a place report where they are: without a fresh position nobody is a candidate. */
async function wakeWorkers({ lon, lat }: Place): Promise<void> {
  const reach = 0.03;
  const box = [lon - reach, lat - reach, lon + reach, lat + reach].join(',');
  const workers = await getJson<GeoJSON.FeatureCollection<GeoJSON.Point>>(
    `/layers/workers.geojson?bbox=${box}`,
  );
  const positions = workers.features.map(({ id, properties, geometry }) => ({
    worker: properties?.id ?? id,
    lon: geometry.coordinates[0],
    lat: geometry.coordinates[1],
  }));
  await postJson('/api/v1/positions', { positions });
}

/** The label point of some grid near the middle of the territory, with on-duty people about. */
export async function findGrid(): Promise<PlaceInGrid> {
  const config = await getJson<{ centre: Place }>('/api/v1/map-config');
  const { lon, lat } = config.centre;
  const { items } = await getJson<{ items: { position: Place | null }[] }>(
    `/api/v1/workers/nearest?lon=${lon}&lat=${lat}&k=1`,
  );
  const near = items[0]?.position ?? config.centre;
  await wakeWorkers(near);
  const box = [near.lon - 0.01, near.lat - 0.01, near.lon + 0.01, near.lat + 0.01].join(',');
  const labels = await getJson<GeoJSON.FeatureCollection<GeoJSON.Point>>(
    `/layers/grids.geojson?bbox=${box}&labels=true`,
  );
  const places = labels.features.map(({ geometry, properties }) => {
    const [gridLon = 0, gridLat = 0] = geometry.coordinates;
    return { lon: gridLon, lat: gridLat, gridName: String(properties?.name) };
  });
  for (const place of places) {
    const { workers } = await getJson<{ workers: { on_duty: boolean }[] }>(
      `/api/v1/lookup?lon=${place.lon}&lat=${place.lat}`,
    );
    if (workers.some(({ on_duty }) => on_duty)) return place;
  }
  if (!places[0]) throw new Error('no grid near the middle of the territory');
  return places[0];
}

export const viewOf = ({ lon, lat }: Place, zoom: number) =>
  `/?map=${lon.toFixed(5)},${lat.toFixed(5)},${zoom}`;

/** Clicks the grid in which a place lies, at the place or beside it: not on an incident's mark. */
export async function clickPlace(page: Page, { lon, lat }: Place): Promise<void> {
  const point = await page.evaluate(
    ([x, y]) => {
      const { map } = window.__wangge as Hook;
      const centre = map.project([x, y]);
      let wanted: unknown;
      for (const shift of [0, 24, -24, 36, -36, 48, -48, 60, -60]) {
        const at: [number, number] = [centre.x + shift, centre.y];
        const [fill] = map.queryRenderedFeatures(at, { layers: ['area-grid-fill'] });
        wanted ??= fill?.properties.code;
        const marks = map.queryRenderedFeatures(
          [
            [at[0] - 14, at[1] - 14],
            [at[0] + 14, at[1] + 14],
          ],
          { layers: ['incident-marks', 'incident-clusters'] },
        );
        if (marks.length === 0 && fill?.properties.code === wanted) return { x: at[0], y: at[1] };
      }
      throw new Error('no free spot in the grid');
    },
    [lon, lat] as [number, number],
  );
  await page.getByTestId('map').click({ position: { x: point.x, y: point.y } });
}

/** The queue shows its most urgent part first; this opens the rest of it. */
export async function openWholeQueue(page: Page): Promise<void> {
  await page.getByTestId('queue').waitFor();
  const more = page.getByTestId('queue-more');
  while (await more.isVisible()) await more.click();
}

/** When an incident was first seen, by the clock that server, page and journey share. */
export interface Sighting {
  onMapAt: number | null;
  inQueueAt: number | null;
}

type Watched = Window & { __sightings?: Record<string, Sighting> };

/** From now on the page itself writes down, frame by frame, when it first shows each incident. */
export async function watchForIncidents(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { map } = window.__wangge as Hook;
    const sightings: Record<string, Sighting> = {};
    (window as Watched).__sightings = sightings;
    map.on('render', () => {
      for (const { properties } of map.queryRenderedFeatures({ layers: ['incident-marks'] })) {
        sightings[properties.number] ??= { onMapAt: null, inQueueAt: null };
        (sightings[properties.number] as Sighting).onMapAt ??= Date.now();
      }
    });
    new MutationObserver(() => {
      for (const row of document.querySelectorAll<HTMLElement>('[data-number]')) {
        const number = row.dataset.number ?? '';
        sightings[number] ??= { onMapAt: null, inQueueAt: null };
        sightings[number].inQueueAt ??= Date.now();
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
}

/** What the page wrote down about an incident, once it has shown it in both places. */
export async function waitForSighting(page: Page, number: string): Promise<Sighting> {
  const found = await page.waitForFunction((wanted) => {
    const sighting = (window as Watched).__sightings?.[wanted];
    return sighting?.onMapAt && sighting.inQueueAt ? sighting : null;
  }, number);
  return (await found.jsonValue()) as Sighting;
}

export async function waitForStatus(page: Page, status: string): Promise<void> {
  await page.locator(`[data-testid=status][data-status=${status}]`).waitFor();
}

/** A picture for the documents, only when asked for. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (process.env.WANGGE_SCREENSHOTS !== '1') return;
  await mkdir(imageFolder, { recursive: true });
  // Messages have gone by then, and names have faded in.
  await page.locator('.el-message').first().waitFor({ state: 'detached' });
  await page.waitForTimeout(1500);
  await page.screenshot({ path: `${imageFolder}/${name}.png` });
}

export interface FiledIncident {
  id: string;
  number: string;
  reported_at: string;
  version: number;
  status: string;
}

/** A service that a worker leads and whose form asks nothing beyond a description. */
export async function findPlainService(): Promise<{ code: string; name_zh: string }> {
  const { items } = await getJson<{
    items: {
      code: string;
      name_zh: string;
      routing: { lead: string };
      fields?: { required?: boolean }[];
    }[];
  }>('/api/v1/services');
  const plain = items.find(
    ({ routing, fields = [] }) =>
      routing.lead === 'worker' && fields.every(({ required }) => !required),
  );
  if (!plain) throw new Error('every service asks for more than a description');
  return plain;
}

export async function fileIncident(place: Place): Promise<FiledIncident> {
  const service = await findPlainService();
  return postJson<FiledIncident>('/api/v1/incidents', {
    service: service.code,
    lon: place.lon,
    lat: place.lat,
    description: '另一处上报的事件',
    priority: 'urgent',
  });
}

export async function act(incident: FiledIncident, action: string, fields: object = {}) {
  return postJson<FiledIncident>(`/api/v1/incidents/${incident.id}/actions`, {
    action,
    version: incident.version,
    ...fields,
  });
}

/** Brings an incident to `filed`, whatever the server does by itself on reporting. */
export async function makeDispatchable(place: Place): Promise<FiledIncident> {
  const incident = await fileIncident(place);
  return incident.status === 'reported' ? act(incident, 'file') : incident;
}
