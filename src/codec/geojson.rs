use crate::domain::Shape;
pub fn write_geometry(out: &mut String, shape: &Shape) {
    out.push_str(r#"{"type":"MultiPolygon","coordinates":["#);
    for (i, polygon) in shape.polygons().iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        out.push('[');
        for (j, ring) in polygon.rings().enumerate() {
            if j > 0 {
                out.push(',');
            }
            out.push('[');
            for (k, p) in ring.closed_points().enumerate() {
                if k > 0 {
                    out.push(',');
                }
                out.push_str(&format!("[{},{}]", p.lon(), p.lat()));
            }
            out.push(']');
        }
        out.push(']');
    }
    out.push_str("]}");
}
