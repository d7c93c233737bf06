/** A small street drawn in the page, with a heap of rubbish or without: photos that are nobody's. */
import type { Page } from 'playwright-core';

export async function drawStreet(page: Page, heap: boolean): Promise<Buffer> {
  const url = await page.evaluate((withHeap) => {
    const canvas = document.createElement('canvas');
    canvas.width = 960;
    canvas.height = 640;
    const pen = canvas.getContext('2d');
    if (!pen) throw new Error('no canvas');
    const blocks: [string, number, number, number, number][] = [
      ['#bfd8e8', 0, 0, 960, 340],
      ['#d8cbb8', 60, 90, 300, 260],
      ['#c7b49a', 420, 40, 420, 310],
      ['#b9b9b4', 0, 340, 960, 90],
      ['#6d7276', 0, 430, 960, 210],
    ];
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 4; column++) {
        blocks.push(['#8fa7b5', 90 + column * 66, 120 + row * 70, 40, 44]);
        blocks.push(['#8fa7b5', 450 + column * 98, 70 + row * 88, 60, 56]);
      }
    }
    for (let dash = 0; dash < 8; dash++) blocks.push(['#e8e4d8', 20 + dash * 130, 530, 70, 10]);
    for (const [colour, x, y, width, height] of blocks) {
      pen.fillStyle = colour;
      pen.fillRect(x, y, width, height);
    }
    pen.fillStyle = '#4b7a4a';
    for (const x of [30, 390, 880]) {
      pen.beginPath();
      pen.arc(x, 300, 46, 0, 7);
      pen.fill();
      pen.fillRect(x - 6, 330, 12, 40);
    }
    const colours = ['#5a4b3a', '#8c6a44', '#3f4a55', '#a33f2f', '#d6d0c0', '#2d5a7a'];
    // The same heap each time.
    let seed = 7;
    for (let piece = 0; withHeap && piece < 130; piece++) {
      const [a = 0, b = 0, c = 0, d = 0, e = 0] = [0, 1, 2, 3, 4].map(() => {
        seed = (seed * 16807) % 2147483647;
        return seed / 2147483647;
      });
      pen.fillStyle = colours[piece % colours.length] ?? '#000';
      pen.save();
      pen.translate(480 + (a - 0.5) * 420, 470 - b * (1 - Math.abs(a - 0.5) * 2) * 150);
      pen.rotate(c * 3);
      pen.fillRect(-22, -14, 20 + d * 40, 14 + e * 30);
      pen.restore();
    }
    return canvas.toDataURL('image/png');
  }, heap);
  return Buffer.from(url.split(',')[1] ?? '', 'base64');
}
