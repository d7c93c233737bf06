import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  act,
  baseUrl,
  type FiledIncident,
  findGrid,
  findPlainService,
  getJson,
  makeDispatchable,
  openBrowser,
  openDesk,
  type Place,
  type PlaceInGrid,
  postJson,
  takePicture,
  viewOf,
  waitForMap,
  waitForStatus,
} from './desk';
import { drawStreet } from './street';
import { Wire } from './wire';

const gridZoom = 14;

let browser: Browser;
let grid: PlaceInGrid;

before(async () => {
  browser = await openBrowser();
  grid = await findGrid();
});
after(() => browser.close());

function journey(name: string, path: () => string, walk: (page: Page) => Promise<void>): void {
  test(name, async () => {
    const page = await openDesk(browser, path());
    try {
      await walk(page);
    } finally {
      await page.context().close();
    }
  });
}

const atGrid = () => viewOf(grid, gridZoom);
const caseAt = ({ number }: FiledIncident) => `/?case=${number}`;
const rows = (page: Page) => page.locator('[data-testid=queue] [data-number]');
const query = (page: Page) => new URL(page.url()).searchParams;

/** Reports with words of its own, so that the journey finds its own cases again. */
async function report(place: Place, description: string): Promise<FiledIncident> {
  const { code } = await findPlainService();
  const incident = await postJson<FiledIncident>('/api/v1/incidents', {
    service: code,
    lon: place.lon,
    lat: place.lat,
    description,
  });
  return incident.status === 'reported' ? act(incident, 'file') : incident;
}

async function findViolations(page: Page): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(axe, 'utf8'));
  return page.evaluate(async () => {
    const { axe: runner } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await runner.run(document);
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
  });
}

journey(
  'the desk is worked by keyboard',
  () => '/',
  async (page) => {
    await rows(page).nth(2).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: '快捷键' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: '快捷键' }).waitFor({ state: 'hidden' });

    const second = await rows(page).nth(1).getAttribute('data-number');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('case') === second);
    await page.locator('[data-action]').first().waitFor();
    await page.keyboard.press('1');
    const form = page.locator('[data-testid=action-form], [data-testid=dispatch-form]').first();
    await form.waitFor();
    // Opened by a key, it has the focus: the first Escape may only leave a field.
    const writing = await page.evaluate(() => document.activeElement?.tagName === 'TEXTAREA');
    if (writing) await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    assert.equal(query(page).get('case'), second);
    await page.keyboard.press(']');
    await page.waitForURL((url) => url.searchParams.get('case') !== second);
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('case'));

    const zoomOf = () => page.evaluate(() => window.__wangge?.map.getZoom() ?? 0);
    const zoom = await zoomOf();
    await page.keyboard.press('+');
    await page.waitForFunction((from) => (window.__wangge?.map.getZoom() ?? 0) > from + 0.9, zoom);
    await page.keyboard.press('/');
    await page.keyboard.type('119.03, 33.6', { delay: 20 });
    await page.getByRole('option', { name: /GCJ-02/ }).click();
    await page.getByTestId('point-panel').waitFor();
    assert.match(query(page).get('point') ?? '', /^119\.024\d+,33\.601\d+$/);
  },
);

journey(
  'a filter of the queue is an address, and a view keeps it',
  () => '/',
  async (page) => {
    const marker = `筛选${Date.now()}`;
    const incident = await report(grid, marker);
    await page.keyboard.press('f');
    await page.getByTestId('filter-text').fill(marker);
    await page.waitForURL((url) => url.searchParams.get('find') === marker);
    await page.locator(`[data-number="${incident.number}"]`).waitFor();
    assert.equal(await rows(page).count(), 1);
    await page.getByTestId('view-name').fill('我的视图');
    await page.getByTestId('save-view').click();
    await page.getByTestId('clear-filters').click();
    await page.waitForURL((url) => !url.searchParams.has('find'));
    await rows(page).nth(1).waitFor();

    await page.reload();
    await page.getByTestId('view').click();
    await page.waitForURL((url) => url.searchParams.get('find') === marker);
    // Opening the case keeps the filter, and the address alone shows the same.
    await rows(page).first().click();
    await page.getByTestId('case-panel').waitFor();
    await page.goto(page.url());
    await page.getByTestId('case-panel').waitFor();
    await page.locator(`[data-number="${incident.number}"]`).waitFor();
    assert.equal(await rows(page).count(), 1);
  },
);

journey(
  'whoever reads the queue keeps their place, and is told of what is new',
  () => '/',
  async (page) => {
    await page.locator('[data-testid=connection].live').waitFor();
    await rows(page).nth(20).waitFor();
    const scroller = page.getByTestId('queue-scroll');
    await scroller.evaluate((element) => element.scrollTo({ top: 900 }));
    const place = () =>
      scroller.evaluate((element) => {
        const { top } = element.getBoundingClientRect();
        const shown = [...element.querySelectorAll<HTMLElement>('[data-number]')];
        const first = shown.find((row) => row.getBoundingClientRect().top >= top);
        return `${first?.dataset.number} ${Math.round(first?.getBoundingClientRect().top ?? 0)}`;
      });
    // Rows are measured when they come into sight.
    await page.waitForTimeout(300);
    const before = await place();
    const incident = await makeDispatchable(grid);
    await page.getByTestId('fresh').waitFor();
    assert.match((await page.getByTestId('fresh').textContent()) ?? '', /有 \d+ 件新事件/);
    assert.equal(await place(), before);
    await page.waitForFunction(() => /^\(\d+\) /.test(document.title));
    await page.getByTestId('fresh').click();
    await page.locator(`[data-number="${incident.number}"]`).waitFor();
    assert.equal(await scroller.evaluate((element) => element.scrollTop), 0);
    await page.waitForFunction(() => !/^\(/.test(document.title));
  },
);

test('two dispatchers on one case: the second is told what the first did', async () => {
  const incident = await makeDispatchable(grid);
  const [first, second] = await Promise.all([
    openDesk(browser, caseAt(incident)),
    openDesk(browser, caseAt(incident)),
  ]);
  try {
    for (const page of [first, second]) {
      await page.locator('[data-testid=connection].live').waitFor();
      await page.locator('[data-action=dispatch]').click();
      await page.getByTestId('candidate').first().waitFor();
    }
    await first.getByTestId('confirm').click();
    await waitForStatus(first, 'dispatched');
    const notice = second.getByTestId('conflict');
    await notice.waitFor();
    await second.getByTestId('conflict-step').waitFor();
    const said = (await notice.textContent()) ?? '';
    assert.ok(said.includes('待派遣 → 待签收'), said);
    assert.ok(said.includes('：派遣'), said);
    assert.equal(await second.getByTestId('dispatch-form').count(), 0);

    // Nobody has signed: the first takes it back, and the second sees it at once.
    await first.getByTestId('undo').getByRole('button').click();
    await waitForStatus(first, 'filed');
    await waitForStatus(second, 'filed');
    assert.equal(await second.getByTestId('undo').count(), 0);
  } finally {
    await first.context().close();
    await second.context().close();
  }
});

test('photos are sent with the case, compared, and prove what was done', async () => {
  const incident = await makeDispatchable(grid);
  const page = await openDesk(browser, caseAt(incident));
  try {
    const media = page.getByTestId('media');
    for (const [stage, heap] of [
      ['处置前', true],
      ['处置后', false],
    ] as const) {
      await media.getByText(stage, { exact: true }).first().click();
      await page.getByTestId('media-file').setInputFiles({
        name: 'street.png',
        mimeType: 'image/png',
        buffer: await drawStreet(page, heap),
      });
      await media.getByRole('button', { name: `打开：${stage}` }).waitFor();
    }
    const slider = page.getByTestId('before-after').getByRole('slider');
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await slider.inputValue(), '51');

    await page.getByTestId('media-file').setInputFiles({
      name: 'note.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('no picture'),
    });
    await page.getByTestId('uploads').getByRole('alert').waitFor();
    await page.getByTestId('uploads').getByRole('button', { name: '取消' }).click();

    const { candidates } = await getJson<{ candidates: { worker: { id: string } }[] }>(
      `/api/v1/incidents/${incident.id}/candidates`,
    );
    const lead = { kind: 'worker', id: candidates[0]?.worker.id };
    await act(await act(incident, 'dispatch', { lead, reason: '最近' }), 'sign');
    await waitForStatus(page, 'handling');
    await page.locator('[data-action=feed_back]').click();
    await page.locator('[data-field=note]').fill('已清运');
    await page.getByTestId('proof-file').setInputFiles({
      name: 'proof.png',
      mimeType: 'image/png',
      buffer: await drawStreet(page, false),
    });
    await page.getByTestId('action-form').getByTestId('thumb').waitFor();
    await page.getByTestId('confirm').click();
    await waitForStatus(page, 'verifying');
    const step = page.getByTestId('timeline').getByRole('listitem').filter({ hasText: '已清运' });
    await step.getByTestId('thumb').first().waitFor();
    await media.scrollIntoViewIfNeeded();
    await takePicture(page, 'desk-photos');
    assert.deepEqual(await findViolations(page), []);
  } finally {
    await page.context().close();
  }
});

test('a likely duplicate is shown with why, and marked', async () => {
  const original = await report(grid, '北门东侧路灯不亮，夜里看不见路');
  const again = await report(
    { lon: grid.lon + 0.0001, lat: grid.lat },
    '北门东侧路灯不亮，夜里看不清路面',
  );
  const page = await openDesk(browser, caseAt(again));
  try {
    const likely = page.getByTestId('duplicates');
    await likely.waitFor();
    assert.match((await likely.textContent()) ?? '', /相似 \d+%/);
    await page.locator('[data-testid=route] summary').click();
    await page.getByTestId('route').getByText('主办', { exact: true }).waitFor();
    await likely.getByTestId('mark-duplicate').first().click();
    await waitForStatus(page, 'closed');
    await page.getByText('已作为重复事件结案').waitFor();
    const { status } = await getJson<FiledIncident>(`/api/v1/incidents/${original.id}`);
    assert.equal(status, 'filed');
  } finally {
    await page.context().close();
  }
});

test('many are planned at once and sent', async () => {
  const marker = `路口堆放${Date.now() % 10_000}`;
  const filed: FiledIncident[] = [];
  for (const [east, north] of [
    [0, 0],
    [0.004, 0.002],
    [-0.005, 0.003],
    [0.003, -0.004],
    [-0.003, -0.003],
    [0.007, -0.001],
  ] as const) {
    filed.push(await report({ lon: grid.lon + east, lat: grid.lat + north }, marker));
  }
  const page = await openDesk(browser, `/?plan=1&find=${encodeURIComponent(marker)}`);
  try {
    const assignments = page.getByTestId('assignment');
    await assignments.first().waitFor();
    await page.waitForFunction(
      () =>
        (window.__wangge?.map.queryRenderedFeatures({ layers: ['plan-lines'] }).length ?? 0) > 0,
    );
    const planned = await assignments.count();
    await takePicture(page, 'desk-plan');
    assert.deepEqual(await findViolations(page), []);
    await page.getByTestId('send-plan').click();
    await page.getByTestId('plan-sent').waitFor();
    const now = await Promise.all(
      filed.map(({ id }) => getJson<FiledIncident>(`/api/v1/incidents/${id}`)),
    );
    const sent = now.filter(({ status }) => status === 'dispatched').length;
    assert.equal(sent, planned);
  } finally {
    await page.context().close();
  }
});

journey('a call for help stands above everything until it is settled', atGrid, async (page) => {
  await page.locator('[data-testid=connection].live').waitFor();
  const { items } = await getJson<{ items: { id: string; name: string }[] }>(
    `/api/v1/workers/nearest?lon=${grid.lon}&lat=${grid.lat}&k=1`,
  );
  const worker = items[0];
  assert.ok(worker);
  await postJson(`/api/v1/workers/${worker.id}/panic`, { note: '请求支援' });
  const alarm = page.getByTestId('alarms').locator('div', { hasText: worker.name }).first();
  await alarm.waitFor();
  assert.match((await alarm.textContent()) ?? '', /一键求助.*请求支援/s);
  await alarm.getByTestId('alarm-go').click();
  const card = page.getByTestId('worker-card');
  await card.getByText(worker.name).waitFor();
  await card.getByTestId('trail').first().click();
  await card.getByRole('status').waitFor();
  assert.deepEqual(await findViolations(page), []);
  await alarm.getByTestId('alarm-settle').click();
  await page.getByTestId('alarm-note').fill('已到场，人员安全');
  await page.getByTestId('alarm-confirm').click();
  await alarm.waitFor({ state: 'detached' });
});

test('a case is dragged to a worker and sent', async () => {
  const incident = await makeDispatchable(grid);
  const page = await openDesk(browser, `${viewOf(grid, 15)}&find=${incident.number}`);
  try {
    const worker = await page.waitForFunction(() => {
      const map = window.__wangge?.map;
      const { clientWidth = 0, clientHeight = 0 } = map?.getContainer() ?? {};
      for (const { geometry } of map?.queryRenderedFeatures({ layers: ['worker-marks'] }) ?? []) {
        if (geometry.type !== 'Point') continue;
        const at = map?.project(geometry.coordinates as [number, number]);
        if (!at || at.x < 80 || at.y < 80) continue;
        if (at.x < clientWidth - 80 && at.y < clientHeight - 80) return { x: at.x, y: at.y };
      }
      return null;
    });
    const at = (await worker.jsonValue()) as { x: number; y: number };
    const map = await page.getByTestId('map').boundingBox();
    assert.ok(map);
    await page.locator(`[data-number="${incident.number}"]`).hover();
    await page.mouse.down();
    await page.mouse.move(map.x + at.x - 60, map.y + at.y, { steps: 4 });
    await page.mouse.move(map.x + at.x, map.y + at.y, { steps: 4 });
    const hint = (await page.getByTestId('drop-hint').textContent()) ?? '';
    const name = /松开派给 (.+)/.exec(hint)?.[1];
    assert.ok(name, hint);
    await page.mouse.up();
    const confirm = page.getByTestId('dispatch-form').getByTestId('confirm');
    await confirm.filter({ hasText: name }).waitFor();
    const reason = page.locator('[data-field=reason]');
    if (await reason.isVisible()) await reason.fill('就在附近');
    await confirm.click();
    await waitForStatus(page, 'dispatched');
  } finally {
    await page.context().close();
  }
});

journey('layers are switched, ways are measured', atGrid, async (page) => {
  const drawn = (layer: string) =>
    page.evaluate(
      (id) => window.__wangge?.map.queryRenderedFeatures({ layers: [id] }).length ?? 0,
      layer,
    );
  assert.ok((await drawn('area-grid-fill')) > 0);
  await page.keyboard.press('l');
  await page.locator('[data-layer=level-grid]').click();
  await page.waitForFunction(
    () => window.__wangge?.map.queryRenderedFeatures({ layers: ['area-grid-fill'] }).length === 0,
  );
  await page.locator('[data-layer=hexagons]').click();
  await page.waitForFunction(
    () => (window.__wangge?.map.querySourceFeatures('hexagons').length ?? 0) > 0,
  );
  await page.keyboard.press('m');
  const map = page.getByTestId('map');
  await map.click({ position: { x: 200, y: 200 } });
  await map.click({ position: { x: 360, y: 260 } });
  await page
    .getByTestId('measured')
    .getByText(/\d (m|km)/)
    .waitFor();
  assert.deepEqual(await findViolations(page), []);
  await page.keyboard.press('m');
  await page.getByTestId('measured').waitFor({ state: 'detached' });
});

test('the server goes and comes back under an open page: nothing written is lost', async () => {
  const wire = new Wire();
  await wire.join();
  const incident = await makeDispatchable(grid);
  const page = await openDesk(browser, caseAt(incident), wire.url);
  try {
    await page.locator('[data-testid=connection].live').waitFor();
    await page.locator('[data-action=reject]').click();
    await page.locator('[data-field=reason]').fill('不在本辖区');
    await wire.cut();
    await page.locator('[data-testid=connection].lost').waitFor();
    await page.getByTestId('confirm').click();
    await page.getByTestId('actions').getByText('服务器没有应答').waitFor();
    const missed = await makeDispatchable(grid);
    await wire.join();
    await page.locator('[data-testid=connection].live').waitFor();
    await page.getByTestId('filters').click();
    await page.getByTestId('filter-text').fill(missed.number);
    await page.locator(`[data-number="${missed.number}"]`).waitFor();
    assert.equal(await page.locator('[data-field=reason]').inputValue(), '不在本辖区');
    await page.getByTestId('confirm').click();
    await waitForStatus(page, 'closed');
  } finally {
    await page.context().close();
    await wire.cut();
  }
});

test('the desk has no accessibility violation in the dark, in English, with all open', async () => {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  try {
    await page.addInitScript(() => {
      localStorage.setItem('wangge.theme', 'dark');
      localStorage.setItem('wangge.language', 'en');
    });
    const incident = await makeDispatchable(grid);
    await page.goto(baseUrl + caseAt(incident));
    await waitForMap(page);
    await page.locator('[data-action=dispatch]').click();
    await page.getByTestId('candidate').first().waitFor();
    await page.keyboard.press('f');
    await page.getByTestId('filter-text').fill(incident.number);
    await page.getByTestId('filter-form').waitFor();
    assert.deepEqual(await findViolations(page), []);
  } finally {
    await context.close();
  }
});
