import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  getJson,
  openBrowser,
  openDesk,
  type Place,
  postJson,
  takePicture,
  waitForMap,
} from './desk';
import { makeShapefile, type ShapefileArea } from './shapefile';

interface Area extends Place {
  code: string;
  name: string;
  level: string;
  children: number;
  area_m2: number;
  label: Place;
  bbox: [number, number, number, number];
  geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon;
}

interface DraftState {
  id: string;
  version: number;
  state: string;
}

let browser: Browser;

before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/** Nothing is half-way between two colours while it is looked at. */
async function openBoundaries(): Promise<Page> {
  const page = await openDesk(browser, '/boundaries');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  return page;
}

const loadArea = (code: string) => getJson<Area>(`/api/v1/areas/${code}`);

/** The grids of some community that has a few of them, none with microgrids. */
async function findCommunity(): Promise<Area[]> {
  const { items } = await getJson<{ items: Area[] }>('/api/v1/areas?level=community&limit=200');
  for (const { code } of items) {
    const children = await getJson<{ items: Area[] }>(`/api/v1/areas/${code}/children`);
    if (children.items.length < 5) continue;
    const grids = await Promise.all(children.items.map((child) => loadArea(child.code)));
    if (grids.every((grid) => grid.children === 0)) return grids;
  }
  throw new Error('no community with five grids');
}

const outerRing = ({ geometry }: Area): GeoJSON.Position[] =>
  (geometry.type === 'Polygon' ? geometry.coordinates[0] : geometry.coordinates[0]?.[0]) ?? [];

interface Overlap {
  moved: Area;
  taken: Area;
  /** In the ground that both have now. */
  place: Place;
}

/** One vertex of a border between two grids moves some thirty metres into one of them. */
function plantOverlap(grids: readonly Area[]): Overlap {
  const has = (grid: Area, position: GeoJSON.Position | undefined) =>
    outerRing(grid).some(([lon, lat]) => lon === position?.[0] && lat === position?.[1]);
  for (const moved of grids) {
    const ring = outerRing(moved);
    for (let at = 1; at + 1 < ring.length; at++) {
      // Where three grids meet, or at the community's border, more than these two would be concerned.
      const around = [ring[at - 1], ring[at], ring[at + 1]];
      const taken = grids.find(
        (grid) => grid !== moved && around.every((position) => has(grid, position)),
      );
      const [lon = 0, lat = 0] = ring[at] ?? [];
      if (!taken) continue;
      const away = [taken.label.lon - lon, taken.label.lat - lat] as const;
      const share = 0.0003 / Math.hypot(...away);
      const step = [away[0] * share, away[1] * share] as const;
      ring[at] = [lon + step[0], lat + step[1]];
      return { moved, taken, place: { lon: lon + step[0] / 2, lat: lat + step[1] / 2 } };
    }
  }
  throw new Error('no two grids share three vertices');
}

/** Drops a file where files are dropped, as a person does. */
async function drop(page: Page, name: string, content: Buffer): Promise<void> {
  const files = await page.evaluateHandle(
    ([fileName, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], fileName));
      return transfer;
    },
    [name, content.toString('base64')] as const,
  );
  await page.getByTestId('drop').dispatchEvent('drop', { dataTransfer: files });
}

const drawn = (page: Page, layer: string) =>
  page.evaluate(
    (id) => window.__wangge?.map.queryRenderedFeatures({ layers: [id] }).length ?? 0,
    layer,
  );

const waitForDrawn = (page: Page, layer: string) =>
  page.waitForFunction(
    (id) => (window.__wangge?.map.queryRenderedFeatures({ layers: [id] }).length ?? 0) > 0,
    layer,
  );

/** Goes to a place near enough for grids, and waits until the grid with this code is drawn there. */
async function waitForGridAt(page: Page, { lon, lat }: Place, code: string): Promise<void> {
  await page.evaluate(([x, y]) => window.__wangge?.map.jumpTo({ center: [x, y], zoom: 16 }), [
    lon,
    lat,
  ] as [number, number]);
  await page.waitForFunction(
    ([x, y, wanted]) => {
      const map = window.__wangge?.map;
      const at = map?.project([x, y]);
      const [found] = at
        ? (map?.queryRenderedFeatures(at, { layers: ['area-grid-fill'] }) ?? [])
        : [];
      return found?.properties.code === wanted;
    },
    [lon, lat, code] as [number, number, string],
  );
}

async function gridAt({ lon, lat }: Place): Promise<string> {
  const { area } = await getJson<{ area: { code: string } }>(
    `/api/v1/lookup?lon=${lon}&lat=${lat}`,
  );
  return area.code;
}

async function expectNoViolation(page: Page, where: string): Promise<void> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(axe, 'utf8'));
  const violations = await page.evaluate(async () => {
    const { axe: runner } = window as unknown as { axe: typeof import('axe-core') };
    const { violations: found } = await runner.run(document);
    return found.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
  });
  assert.deepEqual(violations, [], where);
}

const openTab = (page: Page, name: string) => page.getByRole('tab', { name }).click();

test('a GBK Shapefile in the wrong zone becomes an edition, and is rolled back', async () => {
  const grids = await findCommunity();
  const { moved, taken, place } = plantOverlap(grids);
  const page = await openBoundaries();
  try {
    await expectNoViolation(page, 'the list');
    await drop(page, '网格.zip', makeShapefile(grids as ShapefileArea[], 120, 117));
    const reading = page.getByTestId('reading');
    await reading.waitFor();
    assert.match((await page.getByTestId('undecided').textContent()) ?? '', /坐标系/);
    assert.match(
      (await reading.textContent()) ?? '',
      /文件声明.*117°E.*但图形不在那里.*120°E.*最相符/,
    );
    assert.ok((await reading.textContent())?.includes(`读作：${moved.name.slice(0, 4)}`));
    assert.equal(await drawn(page, 'draft-areas-fill'), 0);
    await expectNoViolation(page, 'the questions of reading');
    await page.locator('[data-crs]').first().click();
    await page.getByTestId('undecided').waitFor({ state: 'detached' });
    await waitForDrawn(page, 'draft-areas-fill');

    await page.getByTestId('to-verdict').click();
    const overlap = page.locator('[data-kind=overlap] [data-defect]').first();
    await overlap.waitFor();
    await waitForDrawn(page, 'draft-pins');
    await page.getByTestId('draft-panel').getByText('说明理由后可以发布').waitFor();
    await takePicture(page, 'boundaries-verdict');
    await expectNoViolation(page, 'the verdict');
    const before = await page.evaluate(() => window.__wangge?.map.getZoom() ?? 0);
    await overlap.click();
    await page.waitForFunction((zoom) => (window.__wangge?.map.getZoom() ?? 0) > zoom + 1, before);

    await page.locator('[data-repair=settle_overlaps]').click();
    await page.getByRole('combobox', { name: '重叠归谁' }).press('Enter');
    const gainer = moved.area_m2 < taken.area_m2 ? '归面积小的' : '归面积大的';
    await page.getByRole('option', { name: gainer }).click();
    await page.getByTestId('rehearse').click();
    await page.getByTestId('rehearsal').getByText('将改动').waitFor();
    await waitForDrawn(page, 'draft-after');
    await page.getByTestId('repair').click();
    await page.locator('[data-publishing=free]').waitFor();
    assert.match((await page.getByTestId('coverage').textContent()) ?? '', /逐边相合/);

    await openTab(page, '变化');
    await page.locator('[data-change=moved]').waitFor();
    await expectNoViolation(page, 'the changes');
    const owner = await gridAt(place);
    assert.equal(owner, taken.code);

    await openTab(page, '发布');
    await page.getByTestId('publish-reason').fill('边界勘误');
    await expectNoViolation(page, 'the publishing');
    await page.getByTestId('publish').click();
    await page.locator('.el-popconfirm').getByRole('button', { name: '发布为新版次' }).click();
    await page.getByTestId('timeline').waitFor();
    const editions = await getJson<{ items: { id: number }[] }>('/api/v1/editions');
    const published = editions.items.at(-1)?.id ?? 0;
    assert.equal(await gridAt(place), moved.code);
    await waitForGridAt(page, place, moved.code);

    await page
      .locator(`[data-edition="${published - 1}"]`)
      .getByText('在地图上看')
      .click();
    await waitForGridAt(page, place, owner);
    await expectNoViolation(page, 'the editions');
    await page
      .locator(`[data-edition="${published - 1}"]`)
      .getByTestId('roll-back')
      .click();
    await page.getByTestId('rollback-reason').fill('勘误有误');
    await expectNoViolation(page, 'the roll-back');
    await page.getByTestId('rollback-confirm').click();
    await page.locator(`[data-edition="${published + 1}"]`).waitFor();
    await waitForGridAt(page, place, owner);
    assert.equal(await gridAt(place), owner);
    await page.locator(`[data-edition="${published}"]`).getByText('在地图上看').click();
    await waitForGridAt(page, place, moved.code);
    await takePicture(page, 'boundaries-editions');
  } finally {
    await page.context().close();
  }
});

test('a grid is split by hand; what another did first is told, and the draft given up', async () => {
  const [grid] = await findCommunity();
  assert.ok(grid);
  const page = await openBoundaries();
  try {
    await page.getByTestId('empty-draft').click();
    await page.getByTestId('edit').waitFor();
    await waitForMap(page);
    const { lon, lat } = grid.label;
    await page.evaluate(([x, y]) => window.__wangge?.map.jumpTo({ center: [x, y], zoom: 14.5 }), [
      lon,
      lat,
    ] as [number, number]);
    await waitForGridAt(page, grid.label, grid.code);
    await page.evaluate(() => window.__wangge?.map.setZoom(14.5));
    await page.waitForFunction(() => window.__wangge?.map.loaded());
    const clickAt = async (place: Place) => {
      const at = await page.evaluate(
        ([x, y]) => {
          const point = window.__wangge?.map.project([x, y]);
          return { x: point?.x ?? 0, y: point?.y ?? 0 };
        },
        [place.lon, place.lat] as [number, number],
      );
      await page.getByTestId('map').click({ position: at });
    };
    await clickAt(grid.label);
    await page.getByTestId('edit').getByText(grid.name).waitFor();
    const [west, , east] = grid.bbox;
    await clickAt({ lon: west - 0.0005, lat });
    await clickAt({ lon: east + 0.0005, lat });
    await expectNoViolation(page, 'editing');
    await page.getByTestId('apply-edit').click();
    await waitForDrawn(page, 'draft-areas-fill');
    await openTab(page, '变化');
    await page.locator('[data-change=added]').waitFor();

    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const draft = await getJson<DraftState>(`/api/v1/drafts/${id}`);
    await postJson(`/api/v1/drafts/${id}/undo`, { version: draft.version });
    await page.getByTestId('undo').click();
    await page.getByTestId('failure').getByText('有人先改了这份草稿').waitFor();
    await page.getByText('与现行版次相同').waitFor();

    await page.getByTestId('discard').click();
    await page.locator('.el-popconfirm').getByRole('button', { name: '放弃草稿' }).click();
    await page.getByTestId('drop').waitFor();
    const left = await getJson<DraftState>(`/api/v1/drafts/${id}`);
    assert.equal(left.state, 'discarded');
  } finally {
    await page.context().close();
  }
});
