/** A zipped Shapefile as surveyors hand them in: GBK names, Gauss–Krüger metres, a `.prj` that may be wrong. */
import { crc32 } from 'node:zlib';

export interface ShapefileArea {
  code: string;
  name: string;
  geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon;
}

/** CGCS2000. */
const semiMajor_m = 6_378_137;
const flattening = 1 / 298.257222101;

/** Easting and northing around a central meridian, after Krüger; exact to far below a millimetre. */
export function projectGaussKruger(lon: number, lat: number, meridian: number): [number, number] {
  const n = flattening / (2 - flattening);
  const radius_m = (semiMajor_m / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
  const alpha = [
    n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4,
    (13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4,
    (61 / 240) * n ** 3 - (103 / 140) * n ** 4,
    (49561 / 161280) * n ** 4,
  ];
  const radians = Math.PI / 180;
  const e = Math.sqrt(flattening * (2 - flattening));
  const sine = Math.sin(lat * radians);
  const conformal = Math.sinh(Math.atanh(sine) - e * Math.atanh(e * sine));
  const angle = (lon - meridian) * radians;
  const xi = Math.atan2(conformal, Math.cos(angle));
  const eta = Math.atanh(Math.sin(angle) / Math.hypot(1, conformal));
  let [north, east] = [xi, eta];
  for (const [index, factor] of alpha.entries()) {
    const twice = 2 * (index + 1);
    north += factor * Math.sin(twice * xi) * Math.cosh(twice * eta);
    east += factor * Math.cos(twice * xi) * Math.sinh(twice * eta);
  }
  return [500_000 + radius_m * east, radius_m * north];
}

const prjOf = (meridian: number) =>
  `PROJCS["CGCS2000_3_Degree_GK_CM_${meridian}E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",` +
  'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],' +
  'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],' +
  `PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",${meridian}.0],` +
  'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]';

/** Drawn around `meridian`, but said to be around `declared`. */
export function makeShapefile(
  areas: readonly ShapefileArea[],
  meridian: number,
  declared: number,
): Buffer {
  const { shp, shx } = writeShapes(areas.map((area) => ringsOf(area, meridian)));
  const dbf = writeTable(
    ['WGBM', 'WGMC'],
    areas.map(({ code, name }) => [code, name]),
  );
  return zip({
    'wg.shp': shp,
    'wg.shx': shx,
    'wg.dbf': dbf,
    'wg.prj': Buffer.from(prjOf(declared)),
  });
}

type Ring = [number, number][];

/** Outer rings run clockwise in a Shapefile, holes the other way: GeoJSON's order turned around. */
function ringsOf({ geometry }: ShapefileArea, meridian: number): Ring[] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return polygons
    .flat()
    .map((ring) =>
      ring.map(([lon = 0, lat = 0]) => projectGaussKruger(lon, lat, meridian)).reverse(),
    );
}

const polygonType = 5;

function header(length: number, points: Ring): Buffer {
  const bytes = Buffer.alloc(100);
  bytes.writeInt32BE(9994, 0);
  bytes.writeInt32BE(length / 2, 24);
  bytes.writeInt32LE(1000, 28);
  bytes.writeInt32LE(polygonType, 32);
  writeBox(bytes, 36, points);
  return bytes;
}

function writeBox(bytes: Buffer, offset: number, points: Ring): void {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  for (const [index, side] of box.entries()) bytes.writeDoubleLE(side, offset + index * 8);
}

function writeShapes(shapes: readonly Ring[][]): { shp: Buffer; shx: Buffer } {
  const records: Buffer[] = [];
  const places: Buffer[] = [];
  let offset = 100;
  for (const [index, rings] of shapes.entries()) {
    const points = rings.flat();
    const content = Buffer.alloc(44 + 4 * rings.length + 16 * points.length);
    content.writeInt32LE(polygonType, 0);
    writeBox(content, 4, points);
    content.writeInt32LE(rings.length, 36);
    content.writeInt32LE(points.length, 40);
    let first = 0;
    for (const [part, ring] of rings.entries()) {
      content.writeInt32LE(first, 44 + 4 * part);
      first += ring.length;
    }
    for (const [at, [x, y]] of points.entries()) {
      content.writeDoubleLE(x, 44 + 4 * rings.length + 16 * at);
      content.writeDoubleLE(y, 52 + 4 * rings.length + 16 * at);
    }
    const head = Buffer.alloc(8);
    head.writeInt32BE(index + 1, 0);
    head.writeInt32BE(content.length / 2, 4);
    records.push(head, content);
    const place = Buffer.alloc(8);
    place.writeInt32BE(offset / 2, 0);
    place.writeInt32BE(content.length / 2, 4);
    places.push(place);
    offset += head.length + content.length;
  }
  const all = shapes.flat(2);
  return {
    shp: Buffer.concat([header(offset, all), ...records]),
    shx: Buffer.concat([header(100 + 8 * shapes.length, all), ...places]),
  };
}

/** Node only decodes GBK, so the table is turned around. */
function gbkTable(): Map<string, Buffer> {
  const decoder = new TextDecoder('gbk');
  const table = new Map<string, Buffer>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const bytes = Buffer.from([lead, trail]);
      const text = decoder.decode(bytes);
      if (text.length === 1 && !table.has(text)) table.set(text, bytes);
    }
  }
  return table;
}

/** dBase III without a word about its encoding. */
function writeTable(columns: readonly string[], rows: readonly string[][]): Buffer {
  const width = 60;
  const table = gbkTable();
  const encode = (text: string) =>
    Buffer.concat([...text].map((letter) => table.get(letter) ?? Buffer.from(letter)));
  const head = Buffer.alloc(32 + 32 * columns.length + 1);
  const rowLength = 1 + width * columns.length;
  head.writeUInt8(3, 0);
  Buffer.from([126, 1, 1]).copy(head, 1);
  head.writeUInt32LE(rows.length, 4);
  head.writeUInt16LE(head.length, 8);
  head.writeUInt16LE(rowLength, 10);
  for (const [index, column] of columns.entries()) {
    const at = 32 + 32 * index;
    head.write(column, at, 'latin1');
    head.write('C', at + 11, 'latin1');
    head.writeUInt8(width, at + 16);
  }
  head.writeUInt8(0x0d, head.length - 1);
  const body = rows.map((row) => {
    const bytes = Buffer.alloc(rowLength, ' ');
    for (const [index, text] of row.entries()) encode(text).copy(bytes, 1 + width * index);
    return bytes;
  });
  return Buffer.concat([head, ...body, Buffer.from([0x1a])]);
}

/** Stored, not packed. */
function zip(files: Record<string, Buffer>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const sums = Buffer.alloc(12);
    sums.writeUInt32LE(crc32(content), 0);
    sums.writeUInt32LE(content.length, 4);
    sums.writeUInt32LE(content.length, 8);
    const lengths = Buffer.alloc(4);
    lengths.writeUInt16LE(name.length, 0);
    // Version 2.0, no flags, stored, the first day that a zip can name.
    const common = Buffer.concat([Buffer.from([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]), sums, lengths]);
    const entry = Buffer.concat([
      Buffer.from('PK\u0003\u0004'),
      common,
      Buffer.from(name),
      content,
    ]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    central.push(
      Buffer.concat([
        Buffer.from('PK\u0001\u0002'),
        Buffer.from([20, 0]),
        common,
        place,
        Buffer.from(name),
      ]),
    );
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
