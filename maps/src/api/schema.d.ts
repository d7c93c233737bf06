// Generated from docs/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/api/v1/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alarms of workers, the newest first. */
        get: operations["list_alarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{id}/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Settles an alarm. One that is settled stays as it is; a watch begins anew. */
        post: operations["settle_alarm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/areas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Areas by level, parent, name, code or place, parents before children. */
        get: operations["list_areas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/areas/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An area by its code. */
        get: operations["load_area"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/areas/{code}/children": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The areas that have this one as their parent, by code. */
        get: operations["list_children"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/areas/{code}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the areas that ever had this code were in each edition, with those they were made
         *     from or became part of.
         */
        get: operations["list_area_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/areas/{code}/neighbours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The areas of the same level that share a stretch of border with this one. */
        get: operations["list_neighbours"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/areas/{code}/posts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The posts in an area and all below it, by area and slot. */
        get: operations["list_posts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/areas/{code}/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is in an area and all below it, and for how long; or who was, over a time. Whoever
         *     looks is logged.
         */
        get: operations["load_presence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/areas/{code}/roster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is on duty in an area and all below it. */
        get: operations["load_roster"];
        /**
         * Writes the roster of an area and all below it for some dates, in the place of the one
         *     that was read. Whoever is on duty holds the post when the shift begins, or stands in for
         *     somebody who does; where nobody holds it, anybody whom the slot takes may be on duty.
         */
        put: operations["save_roster"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/areas/{code}/roster/copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Copies the roster of an area and all below it to other dates: a week forward when
         *     nothing is said. Where somebody stood in for another, it is the other's turn again; who
         *     cannot be on duty on the other dates is left out and named.
         */
        post: operations["copy_roster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/departments/{organisation}/cases/{case}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A case that the department has brought in or taken on. */
        get: operations["load_case"];
        /**
         * Files a report under the department's own number, or takes the next step of what it
         *     was given. The body is in the department's own words when a mapping says what they
         *     mean, else: `action` (`report` when absent, `sign`, `feed_back`, `return`,
         *     `request_extension`), `incident` (its number, for one that the department was told of),
         *     for a report `service`, `lon`, `lat`, `crs`, `description`, `address`, `reporter`,
         *     `source`, `priority` and `form`, for a step `note`, `reason` and `until`. What was done
         *     already is not done again; another report under the same number is refused.
         */
        put: operations["put_case"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/departments/{organisation}/mapping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a department's own fields mean. */
        get: operations["load_case_mapping"];
        /** Says what a department's own fields mean: for each of our fields, where it comes from. */
        put: operations["save_case_mapping"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dispatch/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plans who goes to what waits for somebody, for many incidents at once.
         * @description As many incidents as can be are given somebody, the more pressing and then the older first;
         *     of all such plans it is the one of least cost. Cost is counted in seconds: the way, and
         *     what counts like it (a post elsewhere, tasks that are carried already). It is only proposed
         *     unless `send` is true; then each is dispatched on the version that the plan was made on,
         *     and those on which somebody was faster are told.
         */
        post: operations["plan_dispatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Drafts that the caller may work on, the newest first. */
        get: operations["list_drafts"];
        put?: never;
        /**
         * Opens a draft on the latest edition: from a file (`multipart/form-data`), or empty
         *     (`application/json`). Accept `text/event-stream` to be told how far it is; a request
         *     that is broken off leaves nothing.
         */
        post: operations["create_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A draft as it stands. */
        get: operations["load_draft"];
        put?: never;
        post?: never;
        /** Gives a draft up. Its history stays. */
        delete: operations["discard_draft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/areas.geojson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The areas that a draft changes, as GeoJSON: as they would be, or as they are when they
         *     would go (`removed`). Rings are as they were drawn, valid or not.
         */
        get: operations["list_draft_areas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/certificate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The coverage certificate of a draft, to be printed. */
        get: operations["print_certificate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a draft changes: areas that come, go, move or are called otherwise, ground that
         *     changes hands, and the incidents and posts that find themselves on other ground.
         */
        get: operations["compare_draft"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/diff.geojson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ground that changes hands in a draft, as GeoJSON. */
        get: operations["compare_draft_on_map"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/edits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Edits a draft: split, merge, move a vertex or a border that neighbours share, draw,
         *     delete, rename, recode, re-parent. Neighbours follow.
         */
        post: operations["edit_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publishes a draft as a new edition, all of it or nothing. Refused while errors bar it,
         *     without a reason when there are warnings, and when editions published meanwhile
         *     changed the same areas. Accept `text/event-stream` to be told how far it is.
         */
        post: operations["publish_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/reading": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a draft's file was read last: what the file says, what it was taken for, and what
         *     has to be chosen.
         */
        get: operations["load_reading"];
        put?: never;
        /**
         * Reads a draft's file again, with what is chosen here; the rest is found out. What the
         *     draft changed before is replaced, which can be undone.
         */
        post: operations["read_draft_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/repair": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Repairs borders of a draft, each repair by choice, and says place by place what it did.
         *     Accept `text/event-stream` to be told how far it is.
         */
        post: operations["repair_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done to a draft, the first step first: who, when, what, and what came of it. */
        get: operations["list_draft_steps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes back the last step that has not been taken back yet. */
        post: operations["undo_draft_step"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/verdict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every defect of a draft with its place, and how each parent is covered. */
        get: operations["judge_draft"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/verdict.geojson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The defects of a draft as GeoJSON, for a map; those without a place have a null
         *     geometry.
         */
        get: operations["judge_draft_on_map"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/editions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All editions, the oldest first. Who published them, and why, is for those who edit
         *     boundaries.
         */
        get: operations["list_editions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/editions/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publishes the state of an earlier edition anew, as an edition of its own. */
        post: operations["roll_back_edition"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The areas of an edition as a file: in any of the formats that are read, or as vector tiles
         *     (`pmtiles`, version 3).
         */
        get: operations["export_areas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hot-spots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where many report the same within three days of each other: each crowd is one spot.
         *     Reports that were turned down do not count.
         */
        get: operations["find_hot_spots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Incidents, open and closed, over all of history; the newest first unless another order
         *     is asked for. Ordered by report, pages hold nothing twice, whatever comes meanwhile;
         *     ordered by the last change, what changes meanwhile moves, and may come again.
         */
        get: operations["search_incidents"];
        put?: never;
        /**
         * Reports an incident. Anybody may. A repeated `Idempotency-Key` answers with what the
         *     first request filed (200), another report under the same key is refused (422).
         */
        post: operations["file_incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An incident by identity or number. By number anyone may follow where it stands. */
        get: operations["load_incident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Does something with an incident. What is allowed to whom and when is said by the
         *     incident's `actions`.
         */
        post: operations["act_on_incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/candidates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ranked candidates for an incident, with the parts of each score; and why others are
         *     left out.
         */
        get: operations["find_candidates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/duplicates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open incidents that are likely of the same matter as this one, the likeliest first, by
         *     place, time, service and words.
         */
        get: operations["find_duplicates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The history of an incident, from its report on. */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The photos and documents of an incident, for whoever may see it whole. */
        get: operations["list_media"];
        put?: never;
        /**
         * Adds a photo or document to an incident, which stays in its version. Whoever handles
         *     incidents may; and while it is open whoever reported it, with the tracking key. An
         *     incident has 30 files at most.
         */
        post: operations["add_media"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/route": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where an incident goes by the rules in force, and which of them it meets: why did it
         *     go there?
         */
        get: operations["explain_route"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whose ground a point is, and who answers for it. */
        get: operations["look_up_point"];
        put?: never;
        /**
         * Whose ground many points are: CSV (with a header row that names longitude and latitude),
         *     NDJSON (an object with `lon` and `lat` a line), Arrow's streaming format (with columns `lon`
         *     and `lat`) or a JSON object in, and the same kind out, in order. All but the last keep what
         *     they came with and gain `match`, `code` and `name`; they may be of any length, and the
         *     answer begins before the question ends. When a row that far down cannot be read, the answer
         *     breaks off; in shorter ones it is a problem that names the row.
         */
        post: operations["look_up_points"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/map-config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The territory, its edition and the basemap. */
        get: operations["load_map_config"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A photo or document, for whoever may see its incident whole. */
        get: operations["load_media"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/{id}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A photo made small: 320 points at its longer side, JPEG, the right way up. */
        get: operations["load_thumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Organisations by area, kind and name; from the top level down, by area. */
        get: operations["list_organisations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/positions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes in live positions: one, an array, an object with `positions`, or NDJSON with one
         *     a line; 8 MiB at most. What cannot be believed is set aside and named; the rest is
         *     taken. When more comes in than can be kept, the answer is 429 with `Retry-After`.
         */
        post: operations["record_positions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/positions/osmand": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Takes in a position in the `OsmAnd` protocol, which the Traccar Client, `OsmAnd` and many
         *     trackers speak. Known are `id`, `lat` and `lon` (or `location`), `timestamp` (seconds,
         *     milliseconds or ISO 8601), `accuracy` or `hdop` (metres), `speed` (knots) and `bearing`
         *     or `heading`; others are passed over. The key is given as `key`, by Basic or as Bearer;
         *     the position is of the key's worker, or of the worker whose identity `id` is. Also at
         *     `/positions/osmand`.
         */
        get: operations["record_osmand_position"];
        put?: never;
        /** As the same by GET; parameters may also stand in the body, as a form. */
        post: operations["post_osmand_position"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/positions/owntracks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes in what `OwnTracks` sends in its HTTP mode: locations are positions, other
         *     messages are accepted and passed over. The key is the password, or is given as `key`;
         *     the position is of the key's worker, or of the worker whose identity is the device's
         *     name. Also at `/positions/owntracks`.
         */
        post: operations["record_owntracks_position"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Appoints a worker to a post. A cadre holds the cadre's slot, full-time, part-time and
         *     micro grid workers the grid worker's, a volunteer the volunteer's.
         */
        post: operations["appoint_worker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Ends a post now, and answers with it. It stays in the history; one that has not begun
         *     ends when it would begin, and was never held.
         */
        delete: operations["end_post"];
        options?: never;
        head?: never;
        /**
         * Changes from when until when a post is held. Who holds it, and where, does not change:
         *     end it and appoint anew.
         */
        patch: operations["change_post"];
        trace?: never;
    };
    "/api/v1/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules in force, or those of an earlier version. */
        get: operations["load_rules"];
        /**
         * Puts rules into force. Two rules of routing that tie are refused, and so is what names
         *     a service that there is not or asks for what the workflow does not know.
         */
        put: operations["save_rules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/rehearsal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What rules of escalation would have done to incidents of the past. Nothing is changed. */
        post: operations["rehearse_rules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every version of the rules that was saved, the newest first. */
        get: operations["list_rule_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be reported, with forms, time limits and routing. */
        get: operations["list_services"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who the caller is, as this server sees it. */
        get: operations["load_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staffing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Vacancies and double staffing of an area's grids, now, at a time, or over a day. Of one
         *     grid with `all`: who is on duty.
         */
        get: operations["report_staffing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures of the incidents that were reported, or closed, in a window of time: how many
         *     there are of each kind, shares, times, and all of these told apart. Every figure leads to
         *     its cases.
         */
        get: operations["load_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-sent events of what changes, as far as the caller may see it. A reader that
         *     comes back with `Last-Event-ID` gets what it missed; when that is too long ago, a
         *     `reset` event says to load everything anew. Positions are not replayed: the next ones
         *     come within a second.
         */
        get: operations["stream_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every endpoint, the oldest first. */
        get: operations["list_webhooks"];
        put?: never;
        /**
         * Makes an endpoint, which is told of what happens from now on: CloudEvents 1.0 in JSON,
         *     signed as Standard Webhooks says, each at least once and those of an incident in order.
         */
        post: operations["create_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An endpoint and how it does. */
        get: operations["load_webhook"];
        put?: never;
        post?: never;
        /** Removes an endpoint with all that was on its way to it. */
        delete: operations["remove_webhook"];
        options?: never;
        head?: never;
        /**
         * Gives an endpoint other terms, pauses it or lets it go on. What happened while it was
         *     paused it is told then.
         */
        patch: operations["change_webhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was and is on its way to an endpoint, the last queued first. What was delivered is
         *     kept for a week, what was given up for ninety days.
         */
        get: operations["list_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends an endpoint an event that means nothing (`wangge.ping`), and says what it
         *     answered.
         */
        post: operations["ping_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a dead event again, or all of an endpoint. Replays come with `replayed` and
         *     outside the order: they wait for nothing else of their incident, and hold nothing back.
         */
        post: operations["replay_deliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives an endpoint another secret. For a day both sign, each with a signature of its own
         *     in `webhook-signature`.
         */
        post: operations["rotate_webhook_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Workers by area, name and duty. */
        get: operations["list_workers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One worker. */
        get: operations["load_worker"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/{id}/duties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When a worker is on duty, and where. Workers may see their own. */
        get: operations["list_duties"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/{id}/duty": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts a worker on or off duty. */
        post: operations["set_duty"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/{id}/panic": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A worker calls for help (一键求助). While a call is open, another is the same. */
        post: operations["call_for_help"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/{id}/track": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The way that a worker went, as a GeoJSON feature: a line with `times` for its
         *     positions, one every ten seconds at most. Workers may see their own.
         */
        get: operations["load_track"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/{id}/visits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The grids in which a worker was, as far as their positions tell. Workers may see their
         *     own; whoever looks at another's is logged.
         */
        get: operations["list_visits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/{id}/watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Watches over a worker on duty who works alone (单人作业看护): there is an alarm when they
         *     neither move nor send a position for too long. Workers may ask for it themselves. The
         *     watch ends with the duty.
         */
        post: operations["watch_over"];
        /** Ends the watch over a worker, if there is one. */
        delete: operations["end_watch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/nearest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The nearest on-duty workers, the nearest first. */
        get: operations["find_nearest_workers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What each worker had to do about incidents inside an area: those who were offered
         *     anything, and those who held a post there.
         */
        get: operations["list_workloads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alive: answers as long as the process does. */
        get: operations["check_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/layers/{layer}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A layer as a GeoJSON feature collection of any length, sent while it is written:
         *     `provinces`, `cities`, `counties`, `townships`, `communities`, `grids`, `microgrids`, and
         *     `areas` with the levels that are asked for, are public; `incidents` (open ones), `heat`
         *     (the same counted by H3 cells, or by the areas of a level) and `workers` need credentials
         *     and show what the caller may see. Features have the properties of those under
         *     `/ogc/collections`.
         */
        get: operations["load_layer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the server holds and has done since its start, for Prometheus. Numbers alone. */
        get: operations["write_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The beginning of OGC API – Features: links to everything else. */
        get: operations["load_landing_page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc/api": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * These routes described for programs, in OpenAPI 3.0, with a path for each collection
         *     that the caller may see.
         */
        get: operations["load_api_document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The collections that the caller may see: one for each level of areas, and with
         *     credentials `incidents` and `workers`.
         */
        get: operations["list_collections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc/collections/{collection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A collection of features. */
        get: operations["load_collection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc/collections/{collection}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The features of a collection, by identifier, in pages. Conditions add up. Every property
         *     of the collection is also a parameter: text and numbers must be equal, a time must lie
         *     in the one given, a list must hold the value.
         */
        get: operations["list_items"];
        put?: never;
        /**
         * Adds an area to the caller's open draft, which is opened if there is none. Its code is
         *     the feature's `id` or `code`; without one it gets the next free code under its parent.
         *     Without `parent` the code says it. Ground is kept as it is drawn until the draft is
         *     judged. `Location` says where the draft has the area.
         */
        post: operations["create_item"];
        delete?: never;
        /** What the items of a collection can be asked for. */
        options: operations["list_items_methods"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc/collections/{collection}/items/{feature}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A feature by its identifier: an area's code, or the identity of an incident or worker. */
        get: operations["load_item"];
        /**
         * Puts an area in place of what it was, in the caller's open draft. What is not said of it
         *     is not so any more; its code stays.
         */
        put: operations["replace_item"];
        post?: never;
        /**
         * Takes an area out of the territory, in the caller's open draft. Areas below it must have
         *     gone before.
         */
        delete: operations["remove_item"];
        /** What a single feature can be asked for. */
        options: operations["list_item_methods"];
        head?: never;
        /**
         * Changes what is said of an area, in the caller's open draft, and nothing else: a JSON
         *     Merge Patch (RFC 7396), in which null takes a value away. A geometry is given whole.
         */
        patch: operations["update_item"];
        trace?: never;
    };
    "/ogc/collections/{collection}/queryables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The properties that filters may name, as a JSON schema. */
        get: operations["load_queryables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc/collections/{collection}/tiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sets of tiles of an area collection: there is one. */
        get: operations["list_tile_sets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc/collections/{collection}/tiles/{tileMatrixSet}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A set of tiles: how they are cut, where there are any, and what is in them. */
        get: operations["load_tile_set"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc/collections/{collection}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A tile of an area collection as Mapbox Vector Tile 2.1: polygons, and the points where
         *     names are written. 204 where no area comes near.
         */
        get: operations["load_collection_tile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc/conformance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The standards that are met. */
        get: operations["list_conformance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc/tileMatrixSets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ways in which tiles are cut: there is one. */
        get: operations["list_tile_matrix_sets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ogc/tileMatrixSets/{tileMatrixSet}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A way to cut tiles, zoom by zoom. */
        get: operations["load_tile_matrix_set"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/discovery.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where Open311 is spoken, in which version and formats, and whom to ask. */
        get: operations["discover"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/discovery.xml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where Open311 is spoken, in which version and formats, and whom to ask. */
        get: operations["discover_xml"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/v2/requests.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Requests, the newest first: of the most recent 90 days, and 1,000 of them, unless said
         *     otherwise. Who may not see incidents is told of each where it stands, its kind and its
         *     township: `description`, `lat`, `long` and `media_url` are null.
         */
        get: operations["list_requests"];
        put?: never;
        /**
         * Reports a request. Anybody may; a key says who does. The header `Wangge-Tracking-Key` of
         *     the answer, sent back with later questions, shows the request whole to whoever reported it.
         */
        post: operations["file_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/v2/requests.xml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Requests, the newest first: of the most recent 90 days, and 1,000 of them, unless said
         *     otherwise. Who may not see incidents is told of each where it stands, its kind and its
         *     township: `description`, `lat`, `long` and `media_url` are null.
         */
        get: operations["list_requests_xml"];
        put?: never;
        /**
         * Reports a request. Anybody may; a key says who does. The header `Wangge-Tracking-Key` of
         *     the answer, sent back with later questions, shows the request whole to whoever reported it.
         */
        post: operations["file_request_xml"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/v2/requests/{service_request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A request by its number. */
        get: operations["load_request"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/v2/requests/{service_request_id}/updates.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The steps of one request, from its report on. What was noted with them is told to those
         *     who may see the request whole.
         */
        get: operations["list_request_updates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/v2/requests/{service_request_id}/updates.xml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The steps of one request, from its report on. What was noted with them is told to those
         *     who may see the request whole.
         */
        get: operations["list_request_updates_xml"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/v2/servicerequestupdates.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to requests in a span of time, the most recent 90 days unless said otherwise:
         *     of the requests that were made in the 90 days before its end, 1,000 to a page.
         */
        get: operations["list_updates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/v2/servicerequestupdates.xml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to requests in a span of time, the most recent 90 days unless said otherwise:
         *     of the requests that were made in the 90 days before its end, 1,000 to a page.
         */
        get: operations["list_updates_xml"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/v2/services.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be reported. */
        get: operations["list_request_services"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/v2/services.xml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be reported. */
        get: operations["list_request_services_xml"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/v2/services/{service_code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The attributes of a kind of request. */
        get: operations["define_request_service"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open311/v2/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The number of a request by its token. A request is given its number at once, so none is
         *     ever answered with a token; an incident's identity or number will do as one.
         */
        get: operations["resolve_token"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ready: the database answers. */
        get: operations["check_readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tiles/{layer}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A layer's tiles as TileJSON: where they are, for which zooms, and what is in them. Besides
         *     the area layers there are `incidents`, `workers` and `heat`, whose tiles need credentials.
         */
        get: operations["describe_tiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tiles/{layer}/{z}/{x}/{y}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A tile of an area layer as Mapbox Vector Tile 2.1, packed with gzip: polygons in a layer
         *     of the same name, and in `<layer>_labels` the points where names are written, each in one
         *     tile only. 204 where no area comes near.
         * @description Tiles of `incidents` (open ones), `workers` and `heat` (open incidents by H3 cells) need
         *     credentials and show what the caller may see now. Their `ETag` stays the same as long as
         *     nothing in them changes.
         */
        get: operations["load_tile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A request that was taken in. */
        AcceptedRequest: {
            account_id?: string | null;
            service_notice?: string | null;
            /** @example 20261122000123 */
            service_request_id: string;
        };
        /** @enum {string} */
        Action: "report" | "file" | "self_handle" | "mark_duplicate" | "reject" | "dispatch" | "reassign" | "recall" | "assist" | "summon" | "pass_up" | "release" | "sign" | "arrive" | "return" | "rule_return" | "feed_back" | "request_extension" | "rule_extension" | "defer" | "resume" | "escalate" | "hand_down" | "pass" | "rework" | "evaluate" | "reopen" | "supervise" | "answer" | "warn" | "rematch";
        /** @description An action with what it needs, and the version it was decided on. */
        ActionRequest: components["schemas"]["Command"] & {
            /**
             * Format: int64
             * @description `version` of the incident as the caller saw it.
             */
            version: number;
        };
        /** @description Somebody may be in danger, until it is settled. */
        AlarmDetail: {
            area?: components["schemas"]["AreaCode"] | null;
            area_name?: string | null;
            /** Format: date-time */
            at: string;
            id: components["schemas"]["AlarmId"];
            kind: components["schemas"]["AlarmKind"];
            /** @description What the worker said. */
            note?: string | null;
            position?: components["schemas"]["Degrees"] | null;
            settled?: components["schemas"]["SettledDetail"] | null;
            worker?: components["schemas"]["StaffMember"] | null;
            worker_id: components["schemas"]["WorkerId"];
        };
        /** Format: uuid */
        AlarmId: string;
        /** @enum {string} */
        AlarmKind: "panic" | "still" | "silent";
        /** @description A worker is to hold a slot of an area. */
        AppointmentRequest: {
            area: string;
            /**
             * Format: date-time
             * @description Now when absent.
             */
            from?: string | null;
            slot: components["schemas"]["Slot"];
            /**
             * Format: date-time
             * @description Not included; for good when absent.
             */
            until?: string | null;
            worker: components["schemas"]["WorkerId"];
        };
        /** @description Who is or was in an area, by name. */
        AreaAttendance: {
            area: components["schemas"]["AreaCode"];
            /**
             * Format: date-time
             * @description Null when it was asked who is there now.
             */
            from?: string | null;
            items: components["schemas"]["AttendanceDetail"][];
            /** Format: date-time */
            until?: string | null;
        };
        /** @description What is said of an area. */
        AreaBody: {
            /** @description The next free one under its parent when absent. */
            code?: string | null;
            kind?: components["schemas"]["GridKind"] | null;
            level: components["schemas"]["Level"];
            name: string;
            parent?: string | null;
        };
        /** @description An area before and after; one of them is null for an area that comes or goes. */
        AreaChange: {
            after?: components["schemas"]["AreaState"] | null;
            before?: components["schemas"]["AreaState"] | null;
            id: components["schemas"]["AreaId"];
            kinds: components["schemas"]["ChangeKind"][];
            /** @description For areas that are new: those whose ground it was, the largest part first. */
            made_from: components["schemas"]["AreaId"][];
        };
        /**
         * @description The code of an area: 1 to 32 ASCII letters, digits, `-` or `_`. What its length
         *     means is up to a [`CodeScheme`].
         * @example 320812001001001
         */
        AreaCode: string;
        /** @description The count of an area. */
        AreaCount: components["schemas"]["StaffingCount"] & {
            area: components["schemas"]["AreaRef"];
        };
        /** @description An area with its ground and its people. */
        AreaDetail: components["schemas"]["AreaSummary"] & {
            /** @description From the top down to the area itself. */
            chain: components["schemas"]["AreaRef"][];
            /** @description A GeoJSON `Polygon` or `MultiPolygon`; null when the ground is not known. */
            geometry?: Record<string, unknown> | null;
            vacancies: components["schemas"]["Slot"][];
            workers: components["schemas"]["PostedWorker"][];
        };
        /**
         * Format: uuid
         * @description An area, over all its editions.
         */
        AreaId: string;
        /** @description An area by name, as it stands in a chain. */
        AreaRef: {
            code: components["schemas"]["AreaCode"];
            level: components["schemas"]["Level"];
            name: string;
        };
        AreaState: {
            code: string;
            kind?: components["schemas"]["GridKind"] | null;
            level?: components["schemas"]["Level"] | null;
            name: string;
            parent?: string | null;
        };
        /** @description An area without its ground. */
        AreaSummary: {
            /** Format: double */
            area_m2?: number | null;
            /** @description West, south, east, north. */
            bbox?: number[] | null;
            /** @description How many areas have this one as their parent. */
            children: number;
            code: components["schemas"]["AreaCode"];
            /** @description True when the border was made up for a demonstration. */
            generated: boolean;
            kind?: components["schemas"]["GridKind"] | null;
            label?: components["schemas"]["Degrees"] | null;
            level: components["schemas"]["Level"];
            name: string;
            parent?: components["schemas"]["AreaCode"] | null;
        };
        /** @description An area as it was from one edition on, until another. */
        AreaVersion: {
            /** Format: double */
            area_m2?: number | null;
            code: components["schemas"]["AreaCode"];
            /** @description The edition that brought it. */
            from_edition: components["schemas"]["EditionId"];
            id: components["schemas"]["AreaId"];
            kind?: components["schemas"]["GridKind"] | null;
            label?: components["schemas"]["Degrees"] | null;
            level: components["schemas"]["Level"];
            /** @description The areas that it was split or merged from. */
            made_from: components["schemas"]["AreaId"][];
            name: string;
            parent?: components["schemas"]["AreaCode"] | null;
            until_edition?: components["schemas"]["EditionId"] | null;
        };
        /** @enum {string} */
        ArriveBy: "sign" | "resolve" | "anytime";
        /** @enum {string} */
        Aspect: "distance" | "time" | "service" | "text";
        /** @enum {string} */
        AspectReason: "straight_line" | "time_apart" | "same_service" | "same_group" | "other_group" | "shared_words";
        /** @description Who a task is given to. */
        Assignee: {
            id: components["schemas"]["WorkerId"];
            /** @enum {string} */
            kind: "worker";
        } | {
            id: components["schemas"]["OrganisationId"];
            /** @enum {string} */
            kind: "organisation";
        };
        /** @description Somebody who is or was in an area. */
        AttendanceDetail: {
            /**
             * Format: date-time
             * @description When the first of them began.
             */
            from: string;
            here?: components["schemas"]["AreaCode"] | null;
            here_name?: string | null;
            /**
             * Format: double
             * @description How long they were, added up, as far as they lie within the time asked for.
             */
            minutes: number;
            /**
             * Format: date-time
             * @description When the worker was seen there last.
             */
            seen_at: string;
            /**
             * Format: int32
             * @description To how many of the area's grids, each time counted.
             */
            visits: number;
            worker: components["schemas"]["StaffMember"];
        };
        AttributeValue: {
            key: string;
            name: string;
        };
        /** @description The basemap, as clients are told: without keys and paths. */
        BasemapView: {
            /** @enum {string} */
            kind: "none";
        } | {
            attribution: string;
            /** @enum {string} */
            kind: "raster";
            /** Format: int32 */
            max_zoom?: number | null;
            tiles: string[];
        } | {
            /** @enum {string} */
            kind: "vector";
            style_url: string;
        } | {
            attribution: string;
            /** @enum {string} */
            kind: "tianditu";
            /** Format: int32 */
            max_zoom: number;
            tiles: string[];
        } | {
            attribution: string;
            /** @enum {string} */
            kind: "pmtiles";
            url: string;
        };
        /** @description A name in Chinese and English. */
        Bilingual: {
            en: string;
            zh: string;
        };
        /** @description A point's answer in a list: the area's code and name, or null. */
        BriefAnswer: {
            code?: components["schemas"]["AreaCode"] | null;
            match: components["schemas"]["Match"];
            name?: string | null;
        };
        BriefAnswers: {
            edition?: components["schemas"]["EditionId"] | null;
            items: components["schemas"]["BriefAnswer"][];
        };
        /** @description A calendar: the file `data/calendars/*.json`. */
        CalendarDefinition: {
            /** @example china */
            code: string;
            /** @description The working hours of a make-up day. */
            make_up_hours?: components["schemas"]["Span"][];
            name_en: string;
            name_zh: string;
            /** @description The working hours of a week without holidays. */
            week: components["schemas"]["Week"];
            /** @description What is known of each year. A year that is missing has no holidays. */
            years?: components["schemas"]["YearDefinition"][];
            /**
             * @description An IANA name.
             * @example Asia/Shanghai
             */
            zone: string;
        };
        Candidate: {
            /** Format: double */
            distance_m: number;
            parts: components["schemas"]["ScorePart"][];
            /**
             * Format: double
             * @description The weighted mean of the parts, 0 to 1.
             */
            score: number;
            /**
             * Format: int32
             * @description Seconds on the way, by roads where the part `distance` says so.
             */
            travel_s: number;
            worker: components["schemas"]["Worker"];
        };
        /** @description Who could go, and who cannot and why. */
        CandidateList: {
            /** @description The best first. */
            candidates: components["schemas"]["Candidate"][];
            /** @description The nearest of those left out. */
            left_out: components["schemas"]["LeftOut"][];
            left_out_total: number;
            /** @description Organisations that the service is routed to. */
            organisations: components["schemas"]["Organisation"][];
            /** Format: double */
            radius_m: number;
        };
        /** @description What a department's own fields mean. */
        CaseMapping: {
            mapping?: components["schemas"]["Mapping"] | null;
            organisation: components["schemas"]["OrganisationId"];
            /** Format: date-time */
            saved_at?: string | null;
            saved_by?: string | null;
        };
        /** @enum {string} */
        ChangeKind: "added" | "removed" | "renamed" | "recoded" | "reparented" | "rekinded" | "moved" | "split" | "merged";
        /** @enum {string} */
        Clock: "natural" | "working";
        /** @description A collection of features. */
        Collection: {
            /** @description The coordinate systems that items are answered in, the first one unless asked for. */
            crs: string[];
            description: string;
            extent: components["schemas"]["Extent"];
            id: string;
            itemType: string;
            links: components["schemas"]["Link"][];
            storageCrs: string;
            title: string;
        };
        /** @description Collections of features. */
        Collections: {
            collections: components["schemas"]["Collection"][];
            links: components["schemas"]["Link"][];
        };
        /** @description An action with what it needs. */
        Command: {
            /** @enum {string} */
            action: "file";
            note?: string | null;
            priority?: components["schemas"]["Priority"] | null;
            service?: components["schemas"]["ServiceCode"] | null;
        } | {
            /** @enum {string} */
            action: "self_handle";
            /** @description Files of the incident that show it. */
            media?: components["schemas"]["MediaId"][];
            proof: string;
        } | {
            /** @enum {string} */
            action: "mark_duplicate";
            of: components["schemas"]["IncidentNumber"];
        } | {
            /** @enum {string} */
            action: "reject";
            reason: string;
        } | {
            /** @enum {string} */
            action: "dispatch";
            assistants?: components["schemas"]["Assignee"][];
            lead: components["schemas"]["Assignee"];
            reason?: string | null;
        } | {
            /** @enum {string} */
            action: "reassign";
            lead: components["schemas"]["Assignee"];
            reason?: string | null;
        } | {
            /** @enum {string} */
            action: "recall";
            reason?: string | null;
        } | {
            /** @enum {string} */
            action: "assist";
            assignee: components["schemas"]["Assignee"];
            note?: string | null;
        } | {
            /** @enum {string} */
            action: "summon";
            department: components["schemas"]["OrganisationId"];
            note?: string | null;
        } | {
            /** @enum {string} */
            action: "pass_up";
            task?: components["schemas"]["TaskId"] | null;
        } | {
            /** @enum {string} */
            action: "release";
            reason: string;
            task: components["schemas"]["TaskId"];
        } | {
            /** @enum {string} */
            action: "sign";
            task?: components["schemas"]["TaskId"] | null;
        } | {
            /** @enum {string} */
            action: "arrive";
            /** Format: date-time */
            since: string;
            task: components["schemas"]["TaskId"];
        } | {
            /** @enum {string} */
            action: "return";
            reason: string;
        } | {
            accept: boolean;
            /** @enum {string} */
            action: "rule_return";
            reason?: string | null;
        } | {
            /** @enum {string} */
            action: "feed_back";
            /** @description Files of the incident that show it. */
            media?: components["schemas"]["MediaId"][];
            note?: string | null;
            task?: components["schemas"]["TaskId"] | null;
        } | {
            /** @enum {string} */
            action: "request_extension";
            reason: string;
            /** Format: date-time */
            until: string;
        } | {
            accept: boolean;
            /** @enum {string} */
            action: "rule_extension";
            reason?: string | null;
        } | {
            /** @enum {string} */
            action: "defer";
            reason: string;
            /** Format: date-time */
            until: string;
        } | {
            /** @enum {string} */
            action: "resume";
        } | {
            /** @enum {string} */
            action: "escalate";
            reason: string;
        } | {
            /** @enum {string} */
            action: "hand_down";
            reason?: string | null;
            to: components["schemas"]["OrganisationId"];
        } | {
            /** @enum {string} */
            action: "pass";
            note?: string | null;
        } | {
            /** @enum {string} */
            action: "rework";
            reason: string;
        } | (components["schemas"]["Evaluation"] & {
            /** @enum {string} */
            action: "evaluate";
        }) | {
            /** @enum {string} */
            action: "reopen";
            reason: string;
        } | {
            /** @enum {string} */
            action: "supervise";
            /** Format: date-time */
            answer_by?: string | null;
            reason: string;
        } | {
            /** @enum {string} */
            action: "answer";
            note: string;
        } | {
            /** @enum {string} */
            action: "warn";
            note: string;
        };
        /** @description The standards that are met. */
        Conformance: {
            conformsTo: string[];
        };
        /** @description A rule that an incident meets. */
        Considered: {
            rule: string;
            scope: components["schemas"]["Scope"];
            won: boolean;
        };
        /** @description What two reports name differently. */
        Contradiction: {
            kind: components["schemas"]["MarkKind"];
            /** @description What the new report names. */
            new: string[];
            /** @description What the other names. */
            other: string[];
        };
        /** @description A roster that was copied. */
        CopyAnswer: components["schemas"]["RosterAnswer"] & {
            /** @description Who cannot be on duty on the other dates. */
            left_out: components["schemas"]["LeftOut"][];
        };
        /** @description Which dates of a roster are to be copied to which. */
        CopyRequest: {
            /**
             * Format: date
             * @description The first date to copy; today when absent.
             */
            from?: string | null;
            /**
             * Format: date
             * @description What the first date becomes; a week later when absent.
             */
            to?: string | null;
            /**
             * Format: date
             * @description Not included; a week later when absent.
             */
            until?: string | null;
            /** @description Of the roster that is replaced; absent when there is none yet. */
            version?: string | null;
        };
        /**
         * @description What it costs that one worker goes to one incident, in seconds and what counts like
         *     them.
         */
        Cost: {
            /**
             * Format: int32
             * @description For having no post here.
             */
            elsewhere_s: number;
            /**
             * Format: int32
             * @description For what the worker carries, what comes before it in the plan included.
             */
            load_s: number;
            /**
             * Format: int32
             * @description On the way; a begun second counts whole.
             */
            travel_s: number;
        };
        /** @enum {string} */
        CountedBy: "reported" | "closed";
        /** @description How often an incident went astray; each is visible and counted in appraisal. */
        Counts: {
            /**
             * Format: int32
             * @default 0
             */
            escalations?: number;
            /**
             * Format: int32
             * @description Offers that nobody took in time, or that were taken away.
             * @default 0
             */
            reassignments?: number;
            /**
             * Format: int32
             * @default 0
             */
            reopens?: number;
            /**
             * Format: int32
             * @default 0
             */
            returns?: number;
            /**
             * Format: int32
             * @default 0
             */
            reworks?: number;
            /**
             * Format: int32
             * @default 0
             */
            supervisions?: number;
            /**
             * Format: int32
             * @default 0
             */
            warnings?: number;
        };
        /** @description How the children of a parent tile it, in square metres. */
        Coverage: {
            children: number;
            code: string;
            /** Format: double */
            covered_m2: number;
            /** @description True when all borders pair edge by edge, so that nothing had to be computed. */
            exact: boolean;
            /** Format: double */
            gap_m2: number;
            level?: components["schemas"]["Level"] | null;
            name: string;
            /** Format: double */
            outside_m2: number;
            /** Format: double */
            overlap_m2: number;
            parent?: components["schemas"]["AreaId"] | null;
            /** Format: double */
            parent_m2: number;
            /**
             * Format: double
             * @description The covered part of the parent, 0 to 1.
             */
            share: number;
        };
        /** @description An endpoint with what is shown once. */
        CreatedWebhook: components["schemas"]["Webhook"] & {
            /**
             * @description Checks what is sent, as Standard Webhooks says; not shown again.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
        };
        CrsChoice: {
            /**
             * Format: double
             * @description The mean distance between borders that should be the same.
             */
            border_fit_m?: number | null;
            /** @description Such as `EPSG:4528`, `gcj02`, or `wgs84+swapped` when latitude comes first. */
            crs: string;
            /**
             * Format: double
             * @description The share of the ground that lies where its codes say.
             */
            inside_share?: number | null;
            /**
             * Format: double
             * @description How well it fits, 0 to 1.
             */
            score: number;
            why: string[];
        };
        /** @enum {string} */
        Datatype: "string" | "number" | "datetime" | "text" | "singlevaluelist" | "multivaluelist";
        /** @description When the lead must have signed and fed back, and how that stands. */
        Deadlines: {
            /** Format: date-time */
            resolve_by?: string | null;
            /** Format: date-time */
            sign_by?: string | null;
            /** Format: date-time */
            started_at?: string | null;
            state: components["schemas"]["DeadlineState"];
        };
        /** @enum {string} */
        DeadlineState: "none" | "on_time" | "warning" | "late";
        Defect: {
            /** @description Whose it is; for a gap those around it. */
            areas: components["schemas"]["AreaId"][];
            codes: string[];
            detail: string;
            kind: components["schemas"]["DefectKind"];
            /** @description A GeoJSON geometry, or null. */
            place?: Record<string, unknown> | null;
            repair?: components["schemas"]["RepairKind"] | null;
            severity: components["schemas"]["Severity"];
            /** Format: double */
            size_m2?: number | null;
        };
        /** @enum {string} */
        DefectKind: "empty" | "too_few_points" | "unclosed" | "no_ground" | "self_intersection" | "self_touch" | "spike" | "crossing_rings" | "hole_outside" | "nested_holes" | "overlapping_parts" | "ground_cut" | "duplicate_vertex" | "far_flung_part" | "tiny_part" | "suspiciously_small" | "suspiciously_large" | "large_change" | "gap" | "overlap" | "sliver" | "outside_parent" | "unmatched_border" | "missing_code" | "misfit_code" | "duplicate_code" | "level_changed" | "missing_level" | "orphan" | "missing_name" | "garbled_name" | "duplicate_name" | "mixed_levels";
        /** @description An incident put off (挂账): its clock rests meanwhile. */
        Deferral: {
            reason: string;
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            until: string;
        };
        /** @description The JSON shape of a position, in degrees. */
        Degrees: {
            /**
             * Format: double
             * @example 33.6101
             */
            lat: number;
            /**
             * Format: double
             * @example 119.0211
             */
            lon: number;
        };
        /** @description An event on its way to an endpoint. */
        Delivery: {
            action: components["schemas"]["Action"];
            /**
             * Format: date-time
             * @description When the step was taken.
             */
            at: string;
            /** Format: int32 */
            attempts: number;
            error?: string | null;
            /**
             * @description The event's identity, as in `webhook-id`: the same each time that it is sent.
             * @example evt_0198c0de5f6e7d12a3b4c5d6e7f80912_3
             */
            id: string;
            incident: components["schemas"]["IncidentId"];
            /**
             * Format: date-time
             * @description When it is tried next.
             */
            next_at?: string | null;
            /** Format: date-time */
            queued_at: string;
            /** @description Sent again at somebody's wish, outside the order. */
            replayed: boolean;
            /** Format: date-time */
            settled_at?: string | null;
            state: components["schemas"]["DeliveryState"];
            /**
             * Format: int32
             * @description What the endpoint answered last.
             */
            status?: number | null;
            /** Format: int32 */
            took_ms?: number | null;
            /**
             * Format: int64
             * @description The version that the incident had after the step.
             */
            version: number;
        };
        /** @enum {string} */
        DeliveryState: "waiting" | "delivered" | "dead";
        /** @description A department's own case. */
        DepartmentCase: {
            /** @description The department's own number. */
            case: string;
            /** Format: date-time */
            created_at: string;
            /** @description True when the department reported it. */
            filed: boolean;
            incident: components["schemas"]["Incident"];
            organisation: components["schemas"]["OrganisationId"];
        };
        /** @description Where a rule sends. What is left out stays as the service says. */
        Destination: {
            /** @default null */
            centre?: components["schemas"]["Level"] | null;
            /**
             * @description A code of `data/organisations.json`.
             * @default null
             */
            department?: string | null;
            /** @default null */
            lead?: components["schemas"]["LeadKind"] | null;
            /** @default null */
            role?: components["schemas"]["WorkerRole"] | null;
            /** @default null */
            skills?: string[] | null;
        };
        /** @description What a draft changes, against the edition that it was made on. */
        Diff: {
            base?: components["schemas"]["EditionId"] | null;
            /** @description By level, then by code. */
            changes: components["schemas"]["AreaChange"][];
            touched?: components["schemas"]["Touched"] | null;
            /** @description Ground that changes hands, the largest first. */
            transfers: components["schemas"]["Transfer"][];
            untold?: string | null;
        };
        /** @enum {string} */
        Dimension: "status" | "service" | "source" | "priority" | "area" | "level" | "hour" | "day" | "week" | "month";
        /** @description Where the service is, and in which versions. */
        Discovery: {
            /** @description Sorts after earlier ones when something has changed. */
            changeset: string;
            contact: string;
            endpoints: components["schemas"]["Endpoint"][];
            key_service: string;
        };
        /** @description Boundary changes on top of an edition. */
        Draft: {
            base?: components["schemas"]["EditionId"] | null;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            edition?: components["schemas"]["EditionId"] | null;
            id: components["schemas"]["DraftId"];
            scheme: string;
            source?: components["schemas"]["DraftSource"] | null;
            state: components["schemas"]["DraftState"];
            title: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Every change names the version that it was decided on.
             */
            version: number;
            /** @description The area that bounds it. */
            within?: string | null;
        };
        /**
         * Format: uuid
         * @description Boundary changes on their way to an edition.
         */
        DraftId: string;
        /** @description The file that a draft was read from, and how it was read. */
        DraftSource: {
            /** Format: int64 */
            bytes: number;
            /** @description What each column was taken for: `code`, `name`, `level`, `parent`, `kind`. */
            columns: {
                [key: string]: string;
            };
            /** @description Somebody chose the columns: files with the same ones are taken alike from then on. */
            columns_chosen?: boolean;
            crs: string;
            encoding: string;
            /** @description Every column of the file. */
            file_columns?: string[];
            file_name: string;
            format: string;
            layer: string;
            /** @description Hexadecimal. */
            sha256: string;
        };
        /** @enum {string} */
        DraftState: "open" | "published" | "discarded";
        /** @description One change of a draft. */
        DraftStep: {
            /** Format: date-time */
            at: string;
            by: string;
            /** @description `open`, `upload`, `read`, `undo`, an edit or a repair. */
            operation: string;
            /** @description How it was asked for, and what came of it. */
            record?: Record<string, unknown> | null;
            /**
             * Format: int64
             * @description The version of the step that this one took back.
             */
            undoes?: number | null;
            /**
             * Format: int64
             * @description The version that it made.
             */
            version: number;
        };
        /** @description The verdict on a draft. */
        DraftVerdict: components["schemas"]["Verdict"] & {
            base?: components["schemas"]["EditionId"] | null;
            draft: components["schemas"]["DraftId"];
            /**
             * Format: int64
             * @description The version that was judged.
             */
            version: number;
        };
        /** @description How long something took: of half the cases, and of nine tenths, at most so long. */
        Durations: {
            /** Format: double */
            median_s?: number | null;
            /** Format: double */
            p90_s?: number | null;
        };
        /** @enum {string} */
        During: "working" | "off_hours";
        Duty: {
            on_duty: boolean;
        };
        /** @description Somebody who is on duty in a slot of an area for a shift. */
        DutyDetail: {
            area: components["schemas"]["AreaCode"];
            area_name?: string | null;
            /**
             * Format: date
             * @description On which the shift begins, in the time zone of the calendar.
             */
            date: string;
            /**
             * Format: date-time
             * @description The hours of the shift as they were when the roster was written.
             */
            from: string;
            /** @example night */
            shift: string;
            slot: components["schemas"]["Slot"];
            stands_in_for?: components["schemas"]["Named"] | null;
            /**
             * Format: date-time
             * @description Not included.
             */
            until: string;
            worker: components["schemas"]["Named"];
        };
        /** @description What is done to a draft by hand. */
        Edit: {
            area: components["schemas"]["AreaId"];
            codes?: string[];
            /** @description A GeoJSON `LineString`. */
            line: Record<string, unknown>;
            names?: string[];
            /** @enum {string} */
            op: "split";
        } | {
            areas: components["schemas"]["AreaId"][];
            /** @enum {string} */
            op: "merge";
        } | {
            from: number[];
            /** @enum {string} */
            op: "move_vertex";
            to: number[];
        } | {
            /** @description A GeoJSON `LineString` of the border's own vertices. */
            from: Record<string, unknown>;
            /** @enum {string} */
            op: "move_border";
            /** @description A GeoJSON `LineString` from the first of them to the last. */
            to: Record<string, unknown>;
        } | (components["schemas"]["AreaBody"] & {
            /** @description A GeoJSON `Polygon` or `MultiPolygon`. */
            geometry: Record<string, unknown>;
        } & {
            /** @enum {string} */
            op: "draw";
        }) | {
            area: components["schemas"]["AreaId"];
            geometry: Record<string, unknown>;
            /** @enum {string} */
            op: "redraw";
        } | {
            area: components["schemas"]["AreaId"];
            /** @enum {string} */
            op: "delete";
        } | {
            area: components["schemas"]["AreaId"];
            name: string;
            /** @enum {string} */
            op: "rename";
        } | {
            area: components["schemas"]["AreaId"];
            cascade?: boolean;
            code: string;
            /** @enum {string} */
            op: "recode";
        } | {
            area: components["schemas"]["AreaId"];
            /** @enum {string} */
            op: "reparent";
            parent?: string | null;
        } | {
            area: components["schemas"]["AreaId"];
            kind: components["schemas"]["GridKind"];
            /** @enum {string} */
            op: "set_kind";
        } | {
            area: components["schemas"]["AreaId"];
            /** @enum {string} */
            op: "restore";
        };
        /** @description What an edit changed. */
        Edited: {
            /** @description Areas that are other than before, or gone. */
            areas: components["schemas"]["AreaId"][];
            draft: components["schemas"]["Draft"];
        };
        /** @description An immutable, published set of all areas, in force from a date. */
        Edition: {
            /** Format: int64 */
            area_count: number;
            /** Format: date-time */
            effective_from: string;
            id: components["schemas"]["EditionId"];
            /** @description Said wherever the borders are shown; for instance that they are no authority. */
            notice?: string | null;
            /** Format: date-time */
            published_at: string;
            published_by?: string | null;
            /** @description Why it was published with defects that ask for a reason. */
            reason?: string | null;
            restores?: components["schemas"]["EditionId"] | null;
            /** @description What the territory is called. */
            title: string;
        };
        /**
         * Format: int64
         * @description An edition, numbered from 1 in the order of publishing.
         */
        EditionId: number;
        EditionView: {
            /** Format: date-time */
            effective_from: string;
            id: components["schemas"]["EditionId"];
            /**
             * Format: int64
             * @description The same as `id`: editions are numbered from 1.
             */
            number: number;
        };
        /** @description An edit of a draft. */
        EditRequest: {
            edit: components["schemas"]["Edit"];
            /**
             * Format: int64
             * @description The version of the draft that was looked at.
             */
            version: number;
        };
        EncodingChoice: {
            encoding: string;
            /** @description The first texts that are not plain ASCII, read so. */
            samples: string[];
        };
        Endpoint: {
            /** @description Changes with the list of services or one of their definitions. */
            changeset: string;
            formats: string[];
            /** @description `http://wiki.open311.org/GeoReport_v2` */
            specification: string;
            /** @description `production` or `test`. */
            type: string;
            url: string;
        };
        /**
         * @description When an incident in this scope and status, held at this level, has waited longer than
         *     so many minutes, then this is done: once for each time that it comes there.
         */
        EscalationRule: {
            clock?: components["schemas"]["Clock"];
            id: string;
            level?: components["schemas"]["Level"] | null;
            measure?: components["schemas"]["Measure"];
            /** Format: int32 */
            minutes: number;
            scope?: components["schemas"]["Scope"];
            status: components["schemas"]["Status"];
            then: components["schemas"]["Order"];
        };
        /** @description The reporter's judgement. */
        Evaluation: {
            comment?: string | null;
            /** @description 解决: the matter is settled. */
            resolved: boolean;
            /** @description 响应: somebody came or called. */
            responded: boolean;
            /**
             * Format: int32
             * @description 满意: 1 (not at all) to 5 (very).
             */
            satisfied: number;
        };
        /** @description One step of an incident's history. */
        Event: {
            action: components["schemas"]["Action"];
            actor: components["schemas"]["EventActor"];
            /** Format: date-time */
            at: string;
            /** @description What else the action carried. */
            detail?: Record<string, unknown> | null;
            from?: components["schemas"]["Status"] | null;
            note?: string | null;
            /**
             * Format: int64
             * @description Runs from 1 without a hole: the version the incident had after the step.
             */
            seq: number;
            to: components["schemas"]["Status"];
        };
        EventActor: {
            name: string;
            role: components["schemas"]["Role"];
        };
        /** @description What the standard has no place for. */
        ExtendedAttributes: {
            area_code?: components["schemas"]["AreaCode"] | null;
            area_name?: string | null;
            /** @description Which of the seven steps it has come to. */
            detailed_status: components["schemas"]["Status"];
            outcome?: components["schemas"]["Outcome"] | null;
        };
        /** @description Where and when features are. */
        Extent: {
            spatial?: components["schemas"]["SpatialExtent"] | null;
            temporal?: components["schemas"]["TemporalExtent"] | null;
        };
        /** @enum {string} */
        FieldKind: "text" | "number" | "single" | "multiple" | "datetime" | "boolean";
        /** @description A choice of a form field. */
        FieldOption: {
            label_en: string;
            label_zh: string;
            value: string;
        };
        /**
         * @description The figures of some incidents. Each counts whole incidents; `GET /api/v1/incidents` lists
         *     them with the parameters of `query` and the figure's word as `figure`.
         */
        Figures: {
            /** @description How many incidents each figure counts. */
            cases: {
                [key: string]: number;
            };
            /**
             * Format: double
             * @description 1 to 5, of the cases of `evaluated`.
             */
            mean_satisfaction?: number | null;
            /**
             * @description The parameters that list the incidents; null when the area is no longer in the
             *     territory.
             * @example area=320812&since=2026-11-01T00:00:00.000Z
             */
            query?: string | null;
            /** @description From the report to the close, of the cases of `resolved`. */
            resolution: components["schemas"]["Durations"];
            /** @description From the report to the first signature of a lead, of the cases of `responded`. */
            response: components["schemas"]["Durations"];
            shares: components["schemas"]["Shares"];
            /** @description How often it happened to them, for what may happen to an incident more than once. */
            times: {
                [key: string]: number;
            };
        };
        /** @description The figures, told apart. */
        FiguresBy: {
            by: components["schemas"]["Dimension"];
            /**
             * @description All stretches of time and all areas, also without incidents; of others those that
             *     have any.
             */
            groups: components["schemas"]["FiguresOfGroup"][];
            level?: components["schemas"]["Level"] | null;
        };
        /** @description The figures of one group. */
        FiguresOfGroup: components["schemas"]["Figures"] & {
            /**
             * Format: date-time
             * @description For stretches of time.
             */
            from?: string | null;
            /**
             * @description A word, a code, or the name of a stretch of time: `2026-11-22`, `2026-W47`,
             *     `2026-11`. Null for incidents without such a thing, such as those in no grid.
             */
            key?: string | null;
            /** @description For areas and services. */
            name?: string | null;
            /**
             * Format: date-time
             * @description Not included.
             */
            until?: string | null;
        };
        /** @enum {string} */
        FilledBy: "post" | "duty" | "stand_in";
        /** @description One time that a rule would have acted. */
        Fire: {
            /** Format: date-time */
            at: string;
            id: components["schemas"]["IncidentId"];
            level?: components["schemas"]["Level"] | null;
            number: components["schemas"]["IncidentNumber"];
            order: components["schemas"]["Order"];
            rule: string;
            status: components["schemas"]["Status"];
        };
        /** @description A field of a service's form. */
        FormField: {
            key: string;
            kind: components["schemas"]["FieldKind"];
            label_en: string;
            label_zh: string;
            options?: components["schemas"]["FieldOption"][];
            required?: boolean;
        };
        GreedyPlan: {
            assigned: number;
            /** Format: int64 */
            cost_s: number;
        };
        /** @enum {string} */
        GridKind: "general" | "special";
        /** @enum {string} */
        Hearing: "tasks" | "area";
        /** @description A post that a worker holds. */
        HeldPost: {
            area: components["schemas"]["AreaCode"];
            area_name?: string | null;
            slot: components["schemas"]["Slot"];
        };
        Holder: {
            area: components["schemas"]["AreaCode"];
            id: components["schemas"]["OrganisationId"];
            kind: components["schemas"]["OrganisationKind"];
            level: components["schemas"]["Level"];
            name: string;
        };
        /** @description Days off, the first and the last included (放假). */
        Holiday: {
            /** Format: date */
            from: string;
            name_en: string;
            name_zh: string;
            /** Format: date */
            to: string;
        };
        /** @description A crowd of reports of one group of services. */
        HotSpot: components["schemas"]["Degrees"] & {
            count: number;
            /** Format: date-time */
            first_at: string;
            group: string;
            /** @description By time. */
            incidents: components["schemas"]["IncidentId"][];
            /** Format: date-time */
            last_at: string;
        };
        /** @description An incident as the caller may see it. */
        Incident: components["schemas"]["Degrees"] & {
            /** @description What the caller may do now. */
            actions: components["schemas"]["OfferedAction"][];
            address?: string | null;
            area?: components["schemas"]["AreaRef"] | null;
            chain: components["schemas"]["AreaRef"][];
            /** Format: date-time */
            closed_at?: string | null;
            counts: components["schemas"]["Counts"];
            deadlines: components["schemas"]["Deadlines"];
            deferral?: components["schemas"]["Deferral"] | null;
            description: string;
            duplicate_of?: components["schemas"]["IncidentId"] | null;
            evaluation?: components["schemas"]["Evaluation"] | null;
            form: Record<string, unknown>;
            holder?: components["schemas"]["Holder"] | null;
            id: components["schemas"]["IncidentId"];
            lead?: components["schemas"]["Task"] | null;
            match: components["schemas"]["Match"];
            number: components["schemas"]["IncidentNumber"];
            original?: components["schemas"]["Original"] | null;
            outcome?: components["schemas"]["Outcome"] | null;
            pending?: components["schemas"]["Pending"] | null;
            priority: components["schemas"]["Priority"];
            /** Format: date-time */
            reported_at: string;
            reporter?: components["schemas"]["Reporter"] | null;
            service: components["schemas"]["ServiceCode"];
            service_name: components["schemas"]["Bilingual"];
            source: components["schemas"]["Source"];
            status: components["schemas"]["Status"];
            /**
             * Format: date-time
             * @description When it came to its present status, holder or lead.
             */
            status_since: string;
            supervision?: components["schemas"]["Supervision"] | null;
            tasks: components["schemas"]["Task"][];
            /** @description The first line of the description, or the service's name. */
            title: string;
            /**
             * @description Only in the answer to the report: lets its owner follow and judge the incident, in
             *     the header `Wangge-Tracking-Key`.
             */
            tracking_key?: string | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Name it with an action: if it has gone on meanwhile, the action is refused.
             */
            version: number;
        };
        /** Format: uuid */
        IncidentId: string;
        /**
         * @description The number an incident is known by: the day it was reported in China Standard
         *     Time, then a running number that is never used twice: `20261122000123`.
         */
        IncidentNumber: string;
        /** @enum {string} */
        Kind: "text" | "number";
        /** @description Where clients begin. */
        LandingPage: {
            description: string;
            links: components["schemas"]["Link"][];
            title: string;
        };
        /** @description Where a worker was last seen. */
        LastFix: components["schemas"]["Degrees"] & {
            /** Format: float */
            accuracy_m?: number | null;
            /** Format: date-time */
            at: string;
            /**
             * Format: float
             * @description Clockwise from north.
             */
            heading_deg?: number | null;
            /** Format: float */
            speed_mps?: number | null;
        };
        LayerChoice: {
            /** @description As the file counts them. */
            features: number;
            name: string;
        };
        /** @enum {string} */
        LeadKind: "worker" | "department";
        LeftOut: {
            /** Format: double */
            distance_m?: number | null;
            reasons: components["schemas"]["LeftOutReason"][];
            worker: components["schemas"]["Worker"];
        };
        /** @enum {string} */
        LeftOutReason: "off_duty" | "no_position" | "stale_position" | "missing_skill" | "full_load" | "out_of_radius" | "other_role" | "too_late";
        /** @enum {string} */
        Level: "province" | "city" | "county" | "township" | "community" | "grid" | "microgrid";
        /** @description How many areas a level has. */
        LevelCount: {
            count: number;
            level: components["schemas"]["Level"];
        };
        /** @description An incident that is likely of the same matter. */
        LikelyDuplicate: {
            /**
             * Format: int64
             * @description The time between the two reports.
             */
            apart_s: number;
            contradiction?: components["schemas"]["Contradiction"] | null;
            /** Format: double */
            distance_m: number;
            incident: components["schemas"]["Incident"];
            parts: components["schemas"]["LikenessPart"][];
            /**
             * Format: double
             * @description The weighted mean of the parts, less for a contradiction; 0 to 1.
             */
            score: number;
        };
        /** @description One part of a likeness: `value` (0 to 1) counts with `weight`. */
        LikenessPart: {
            part: components["schemas"]["Aspect"];
            reason: components["schemas"]["AspectReason"];
            /** Format: double */
            value: number;
            /** Format: double */
            weight: number;
        };
        /**
         * @description Other limits for some incidents of a service. What is left out of the conditions fits
         *     everything; what is left out of the limits is as it would be without the rule.
         */
        LimitRule: {
            /** @default null */
            clock?: components["schemas"]["Clock"] | null;
            /** @default null */
            level?: components["schemas"]["Level"] | null;
            /** @default null */
            priority?: components["schemas"]["Priority"] | null;
            /**
             * Format: int32
             * @default null
             */
            resolve_minutes?: number | null;
            /**
             * Format: int32
             * @default null
             */
            sign_minutes?: number | null;
        };
        /** @description Time limits in minutes, counted from dispatch. */
        Limits: {
            /**
             * @description Which minutes count.
             * @default natural
             */
            clock?: components["schemas"]["Clock"];
            /**
             * Format: int32
             * @description Until the lead feeds back.
             */
            resolve_minutes: number;
            /**
             * Format: int32
             * @description Until the lead signs.
             */
            sign_minutes: number;
        };
        /** @description A link (RFC 8288). */
        Link: {
            href: string;
            rel: string;
            /** @description True when the address has places in braces that are to be filled in. */
            templated?: boolean | null;
            title: string;
            type: string;
        };
        /** @description Whose ground a point is. */
        LookUpAnswer: {
            area?: components["schemas"]["AreaSummary"] | null;
            /**
             * Format: double
             * @description To the border of `area`, over the ground.
             */
            boundary_distance_m?: number | null;
            /** @description From the top down to `area`. */
            chain: components["schemas"]["AreaRef"][];
            edition?: components["schemas"]["EditionId"] | null;
            /** @description `grid`: a grid has it. `gap`: the territory has it, but no grid. `outside`: neither. */
            match: components["schemas"]["Match"];
            /** @description With `accuracy_m`: areas of the same level that the point might lie in. */
            neighbours: components["schemas"]["NearArea"][];
            /** @description Slots of the grid that nobody holds. */
            vacancies: components["schemas"]["Slot"][];
            /** @description Who answers for the ground. */
            workers: components["schemas"]["PostedWorker"][];
        };
        /** @description A day that is worked in return for a longer holiday (调休上班). */
        MakeUpDay: {
            /** Format: date */
            date: string;
            name_en: string;
            name_zh: string;
        };
        /** @description What a map shows at first. */
        MapConfig: {
            basemap: components["schemas"]["BasemapView"];
            /** @description West, south, east, north of the territory. */
            bounds?: number[] | null;
            centre?: components["schemas"]["Degrees"] | null;
            edition?: components["schemas"]["EditionView"] | null;
            levels: components["schemas"]["LevelCount"][];
            /** @description To be shown with the borders. */
            notice?: string | null;
            title: string;
        };
        /**
         * @description For each field that is made, by its path, where its value comes from. A rule that is
         *     a text alone is the path to take the value from.
         */
        Mapping: {
            fields: {
                [key: string]: components["schemas"]["Rule"];
            };
        };
        /** @enum {string} */
        MappingSource: "chosen" | "profile" | "proposed";
        /** @enum {string} */
        MarkKind: "building" | "entrance" | "flat" | "floor" | "house" | "gate" | "plate";
        /** @enum {string} */
        Match: "grid" | "gap" | "outside";
        /** @enum {string} */
        Measure: "status_age" | "past_signing" | "past_resolving";
        /** @description A photo or document of an incident. */
        Media: {
            /** @description Who added it. */
            actor: components["schemas"]["EventActor"];
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            bytes: number;
            caption?: string | null;
            /** @description Kept bit for bit as it was sent, with the place that the camera wrote into it. */
            evidence: boolean;
            href: string;
            id: components["schemas"]["MediaId"];
            incident: components["schemas"]["IncidentId"];
            /** @description By what the file holds, not by its name. */
            kind: components["schemas"]["MediaKind"];
            /** @description SHA-256 of what was sent, hexadecimal. */
            sent_sha256: string;
            /** @description SHA-256 of what is kept, hexadecimal. */
            sha256: string;
            /** @description Of a photo, in points, the right way up. */
            size?: {
                /** Format: int32 */
                height: number;
                /** Format: int32 */
                width: number;
            } | null;
            stage: components["schemas"]["MediaStage"];
            /** @description True when place, time and device were taken out of the file. */
            stripped: boolean;
            /** @description Of a photo. */
            thumbnail?: string | null;
        };
        /** @description A file, and what it is. */
        MediaForm: {
            /** @description At most 500 characters. */
            caption?: string | null;
            /**
             * @description `true`: the file is kept bit for bit, with the place and time that the camera wrote
             *     into it. Otherwise they are taken out.
             */
            evidence?: boolean | null;
            /**
             * Format: binary
             * @description JPEG, PNG, WebP or PDF; at most 20 MiB, and 51 million points.
             */
            file: string;
            stage?: components["schemas"]["MediaStage"] | null;
        };
        /**
         * Format: uuid
         * @description A photo or document of an incident.
         */
        MediaId: string;
        /** @enum {string} */
        MediaKind: "jpeg" | "png" | "webp" | "pdf";
        /** @description The files of an incident. */
        MediaList: {
            /** @description The oldest first. */
            items: components["schemas"]["Media"][];
            /** @description The latest photo from before with the latest from after; null while one is missing. */
            pair?: {
                after: components["schemas"]["MediaId"];
                before: components["schemas"]["MediaId"];
            } | null;
        };
        /** @enum {string} */
        MediaStage: "before" | "after" | "other";
        Mending: {
            /** @description Whose ground changed; the one that gained first. */
            areas: components["schemas"]["AreaId"][];
            kind: components["schemas"]["RepairKind"];
            /** @description A GeoJSON geometry, or null. */
            place?: Record<string, unknown> | null;
            /** Format: double */
            size_m2?: number | null;
        };
        /** @description Something known by an identity and a name. */
        Named: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description Who a task is given to, with their name. */
        NamedAssignee: components["schemas"]["Assignee"] & {
            name?: string | null;
        };
        /** @description An area at a distance from a point asked for. */
        NearArea: components["schemas"]["AreaRef"] & {
            /**
             * Format: double
             * @description Zero when the point is inside or on the border.
             */
            distance_m: number;
        };
        /** @description A draft without a file. */
        NewDraft: {
            /** @description How areas are numbered; the first scheme of the service when absent. */
            scheme?: string | null;
            title: string;
        };
        /** @description An action and the names of its fields. */
        OfferedAction: {
            action: components["schemas"]["Action"];
            needs: string[];
            optional: string[];
        };
        /** @enum {string} */
        Order: "warn" | "escalate" | "reassign" | "supervise";
        /** @description An organisation. */
        Organisation: {
            area: components["schemas"]["AreaCode"];
            /** @description For a department, which one. */
            department?: string | null;
            id: components["schemas"]["OrganisationId"];
            kind: components["schemas"]["OrganisationKind"];
            level: components["schemas"]["Level"];
            name: string;
        };
        /** Format: uuid */
        OrganisationId: string;
        /** @enum {string} */
        OrganisationKind: "centre" | "department" | "social" | "mediation";
        /** @description Where the matter stands that a duplicate repeats: whoever reported it follows that. */
        Original: {
            number: components["schemas"]["IncidentNumber"];
            outcome?: components["schemas"]["Outcome"] | null;
            status: components["schemas"]["Status"];
            /** Format: date-time */
            updated_at: string;
        };
        /** @enum {string} */
        Outcome: "resolved" | "self_handled" | "duplicate" | "rejected";
        /** @enum {string} */
        OverlapRule: "smallest" | "largest" | "first_code" | "as_before";
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_AlarmDetail: {
            items: {
                area?: components["schemas"]["AreaCode"] | null;
                area_name?: string | null;
                /** Format: date-time */
                at: string;
                id: components["schemas"]["AlarmId"];
                kind: components["schemas"]["AlarmKind"];
                /** @description What the worker said. */
                note?: string | null;
                position?: components["schemas"]["Degrees"] | null;
                settled?: components["schemas"]["SettledDetail"] | null;
                worker?: components["schemas"]["StaffMember"] | null;
                worker_id: components["schemas"]["WorkerId"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_AreaSummary: {
            items: {
                /** Format: double */
                area_m2?: number | null;
                /** @description West, south, east, north. */
                bbox?: number[] | null;
                /** @description How many areas have this one as their parent. */
                children: number;
                code: components["schemas"]["AreaCode"];
                /** @description True when the border was made up for a demonstration. */
                generated: boolean;
                kind?: components["schemas"]["GridKind"] | null;
                label?: components["schemas"]["Degrees"] | null;
                level: components["schemas"]["Level"];
                name: string;
                parent?: components["schemas"]["AreaCode"] | null;
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_AreaVersion: {
            items: {
                /** Format: double */
                area_m2?: number | null;
                code: components["schemas"]["AreaCode"];
                /** @description The edition that brought it. */
                from_edition: components["schemas"]["EditionId"];
                id: components["schemas"]["AreaId"];
                kind?: components["schemas"]["GridKind"] | null;
                label?: components["schemas"]["Degrees"] | null;
                level: components["schemas"]["Level"];
                /** @description The areas that it was split or merged from. */
                made_from: components["schemas"]["AreaId"][];
                name: string;
                parent?: components["schemas"]["AreaCode"] | null;
                until_edition?: components["schemas"]["EditionId"] | null;
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_Delivery: {
            items: {
                action: components["schemas"]["Action"];
                /**
                 * Format: date-time
                 * @description When the step was taken.
                 */
                at: string;
                /** Format: int32 */
                attempts: number;
                error?: string | null;
                /**
                 * @description The event's identity, as in `webhook-id`: the same each time that it is sent.
                 * @example evt_0198c0de5f6e7d12a3b4c5d6e7f80912_3
                 */
                id: string;
                incident: components["schemas"]["IncidentId"];
                /**
                 * Format: date-time
                 * @description When it is tried next.
                 */
                next_at?: string | null;
                /** Format: date-time */
                queued_at: string;
                /** @description Sent again at somebody's wish, outside the order. */
                replayed: boolean;
                /** Format: date-time */
                settled_at?: string | null;
                state: components["schemas"]["DeliveryState"];
                /**
                 * Format: int32
                 * @description What the endpoint answered last.
                 */
                status?: number | null;
                /** Format: int32 */
                took_ms?: number | null;
                /**
                 * Format: int64
                 * @description The version that the incident had after the step.
                 */
                version: number;
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_Draft: {
            items: {
                base?: components["schemas"]["EditionId"] | null;
                /** Format: date-time */
                created_at: string;
                created_by: string;
                edition?: components["schemas"]["EditionId"] | null;
                id: components["schemas"]["DraftId"];
                scheme: string;
                source?: components["schemas"]["DraftSource"] | null;
                state: components["schemas"]["DraftState"];
                title: string;
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Every change names the version that it was decided on.
                 */
                version: number;
                /** @description The area that bounds it. */
                within?: string | null;
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_DraftStep: {
            items: {
                /** Format: date-time */
                at: string;
                by: string;
                /** @description `open`, `upload`, `read`, `undo`, an edit or a repair. */
                operation: string;
                /** @description How it was asked for, and what came of it. */
                record?: Record<string, unknown> | null;
                /**
                 * Format: int64
                 * @description The version of the step that this one took back.
                 */
                undoes?: number | null;
                /**
                 * Format: int64
                 * @description The version that it made.
                 */
                version: number;
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_DutyDetail: {
            items: {
                area: components["schemas"]["AreaCode"];
                area_name?: string | null;
                /**
                 * Format: date
                 * @description On which the shift begins, in the time zone of the calendar.
                 */
                date: string;
                /**
                 * Format: date-time
                 * @description The hours of the shift as they were when the roster was written.
                 */
                from: string;
                /** @example night */
                shift: string;
                slot: components["schemas"]["Slot"];
                stands_in_for?: components["schemas"]["Named"] | null;
                /**
                 * Format: date-time
                 * @description Not included.
                 */
                until: string;
                worker: components["schemas"]["Named"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_Edition: {
            items: {
                /** Format: int64 */
                area_count: number;
                /** Format: date-time */
                effective_from: string;
                id: components["schemas"]["EditionId"];
                /** @description Said wherever the borders are shown; for instance that they are no authority. */
                notice?: string | null;
                /** Format: date-time */
                published_at: string;
                published_by?: string | null;
                /** @description Why it was published with defects that ask for a reason. */
                reason?: string | null;
                restores?: components["schemas"]["EditionId"] | null;
                /** @description What the territory is called. */
                title: string;
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_Event: {
            items: {
                action: components["schemas"]["Action"];
                actor: components["schemas"]["EventActor"];
                /** Format: date-time */
                at: string;
                /** @description What else the action carried. */
                detail?: Record<string, unknown> | null;
                from?: components["schemas"]["Status"] | null;
                note?: string | null;
                /**
                 * Format: int64
                 * @description Runs from 1 without a hole: the version the incident had after the step.
                 */
                seq: number;
                to: components["schemas"]["Status"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_HotSpot: {
            items: (components["schemas"]["Degrees"] & {
                count: number;
                /** Format: date-time */
                first_at: string;
                group: string;
                /** @description By time. */
                incidents: components["schemas"]["IncidentId"][];
                /** Format: date-time */
                last_at: string;
            })[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_Incident: {
            items: (components["schemas"]["Degrees"] & {
                /** @description What the caller may do now. */
                actions: components["schemas"]["OfferedAction"][];
                address?: string | null;
                area?: components["schemas"]["AreaRef"] | null;
                chain: components["schemas"]["AreaRef"][];
                /** Format: date-time */
                closed_at?: string | null;
                counts: components["schemas"]["Counts"];
                deadlines: components["schemas"]["Deadlines"];
                deferral?: components["schemas"]["Deferral"] | null;
                description: string;
                duplicate_of?: components["schemas"]["IncidentId"] | null;
                evaluation?: components["schemas"]["Evaluation"] | null;
                form: Record<string, unknown>;
                holder?: components["schemas"]["Holder"] | null;
                id: components["schemas"]["IncidentId"];
                lead?: components["schemas"]["Task"] | null;
                match: components["schemas"]["Match"];
                number: components["schemas"]["IncidentNumber"];
                original?: components["schemas"]["Original"] | null;
                outcome?: components["schemas"]["Outcome"] | null;
                pending?: components["schemas"]["Pending"] | null;
                priority: components["schemas"]["Priority"];
                /** Format: date-time */
                reported_at: string;
                reporter?: components["schemas"]["Reporter"] | null;
                service: components["schemas"]["ServiceCode"];
                service_name: components["schemas"]["Bilingual"];
                source: components["schemas"]["Source"];
                status: components["schemas"]["Status"];
                /**
                 * Format: date-time
                 * @description When it came to its present status, holder or lead.
                 */
                status_since: string;
                supervision?: components["schemas"]["Supervision"] | null;
                tasks: components["schemas"]["Task"][];
                /** @description The first line of the description, or the service's name. */
                title: string;
                /**
                 * @description Only in the answer to the report: lets its owner follow and judge the incident, in
                 *     the header `Wangge-Tracking-Key`.
                 */
                tracking_key?: string | null;
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Name it with an action: if it has gone on meanwhile, the action is refused.
                 */
                version: number;
            })[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_LikelyDuplicate: {
            items: {
                /**
                 * Format: int64
                 * @description The time between the two reports.
                 */
                apart_s: number;
                contradiction?: components["schemas"]["Contradiction"] | null;
                /** Format: double */
                distance_m: number;
                incident: components["schemas"]["Incident"];
                parts: components["schemas"]["LikenessPart"][];
                /**
                 * Format: double
                 * @description The weighted mean of the parts, less for a contradiction; 0 to 1.
                 */
                score: number;
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_Organisation: {
            items: {
                area: components["schemas"]["AreaCode"];
                /** @description For a department, which one. */
                department?: string | null;
                id: components["schemas"]["OrganisationId"];
                kind: components["schemas"]["OrganisationKind"];
                level: components["schemas"]["Level"];
                name: string;
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_PostDetail: {
            items: {
                area: components["schemas"]["AreaCode"];
                area_name?: string | null;
                /** Format: date-time */
                from: string;
                id: components["schemas"]["PostId"];
                slot: components["schemas"]["Slot"];
                /**
                 * Format: date-time
                 * @description Not included; null while it lasts.
                 */
                until?: string | null;
                worker: components["schemas"]["StaffMember"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_RulesVersion: {
            items: {
                /** Format: date-time */
                at: string;
                note?: string | null;
                saved_by: string;
                /**
                 * Format: int64
                 * @description 0 for the rules that are built in.
                 */
                version: number;
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_Webhook: {
            items: {
                /** @description The actions it is told of; all when empty. */
                actions: components["schemas"]["Action"][];
                /** Format: date-time */
                created_at: string;
                created_by: string;
                hears: components["schemas"]["Hearing"];
                /**
                 * Format: date-time
                 * @description Until when it asked to be left alone.
                 */
                held_until?: string | null;
                id: components["schemas"]["WebhookId"];
                last_failure?: string | null;
                /** Format: date-time */
                last_failure_at?: string | null;
                /** Format: date-time */
                last_success_at?: string | null;
                mapping?: components["schemas"]["Mapping"] | null;
                /**
                 * Format: date-time
                 * @description Until when the secret before this one signs too.
                 */
                old_secret_until?: string | null;
                organisation: components["schemas"]["OrganisationId"];
                state: components["schemas"]["WebhookState"];
                url: string;
            }[];
            next?: string | null;
        };
        /** @description A page of a list. Pass `next` as `cursor` to go on; it is null at the end. */
        Page_Worker: {
            items: {
                /**
                 * Format: int32
                 * @description How many open tasks the worker may hold at once.
                 */
                capacity: number;
                /**
                 * Format: double
                 * @description From the point asked for, if one was.
                 */
                distance_m?: number | null;
                id: components["schemas"]["WorkerId"];
                /**
                 * Format: int32
                 * @description Open tasks.
                 */
                load: number;
                name: string;
                on_duty: boolean;
                organisation?: components["schemas"]["Named"] | null;
                /** @description Masked. */
                phone?: string | null;
                position?: components["schemas"]["LastFix"] | null;
                /** Format: int64 */
                position_age_s?: number | null;
                posts: components["schemas"]["HeldPost"][];
                role: components["schemas"]["WorkerRole"];
                skills: string[];
            }[];
            next?: string | null;
        };
        /** @description What a worker says who calls for help. */
        PanicRequest: {
            /** @description At most 1,000 characters. */
            note?: string | null;
            position?: components["schemas"]["Degrees"] | null;
        };
        /** @enum {string} */
        Part: "post" | "distance" | "load" | "skill" | "freshness";
        /** @enum {string} */
        PartReason: "posted_to_grid" | "posted_to_community" | "posted_to_township" | "posted_elsewhere" | "straight_line" | "by_road" | "no_road" | "open_tasks" | "has_skills" | "no_skill_asked" | "fix_age";
        /** @description A request on an incident that waits for a ruling. */
        Pending: {
            kind: components["schemas"]["RequestKind"];
            reason: string;
            task: components["schemas"]["TaskId"];
            /**
             * Format: date-time
             * @description For an extension: the new time limit that is asked for.
             */
            until?: string | null;
        };
        /** @description What came of a ping. */
        PingAnswer: {
            error?: string | null;
            /** @description True when it was answered with 200 to 299. */
            ok: boolean;
            /** Format: int32 */
            status?: number | null;
            /** Format: int32 */
            took_ms: number;
        };
        /** @description Somebody who is to be on duty. */
        Plan: {
            area: string;
            /** Format: date */
            date: string;
            /** @description A code of the rules' shifts. */
            shift: string;
            slot: components["schemas"]["Slot"];
            stands_in_for?: components["schemas"]["WorkerId"] | null;
            worker: components["schemas"]["WorkerId"];
        };
        /** @description Who should go where. */
        PlanAnswer: {
            arrive_by: components["schemas"]["ArriveBy"];
            assigned: number;
            /** @description The more pressing first, then those reported earlier. */
            assignments: components["schemas"]["PlannedAssignment"][];
            /** @description Ways were measured by roads, not by straight lines. */
            by_roads: boolean;
            /** Format: double */
            computing_ms: number;
            /**
             * Format: int64
             * @description The sum of what each assignment costs.
             */
            cost_s: number;
            /** @description Filed incidents that are not planned because a department leads them. */
            for_departments: number;
            /** @description What giving each incident in turn to whoever costs least just then would come to. */
            greedy: components["schemas"]["GreedyPlan"];
            /** Format: double */
            radius_m: number;
            /** @description What came of sending, in the order of the assignments; absent when nobody was sent. */
            sent?: components["schemas"]["SentIncident"][] | null;
            /** Format: double */
            speed_mps: number;
            unassigned: components["schemas"]["UnassignedIncident"][];
            /** @description How many workers were looked at. */
            workers: number;
        };
        /** @description What to plan. An empty object plans everything that waits in the caller's area. */
        PlanBody: {
            /**
             * @description Only what lies in this area.
             * @default null
             */
            area?: string | null;
            /** @default null */
            arrive_by?: components["schemas"]["ArriveBy"] | null;
            /**
             * @description Identities or numbers. All filed incidents that a worker leads when absent; 1,000 at
             *     most.
             * @default null
             */
            incidents?: string[] | null;
            /**
             * Format: int32
             * @description How many one worker is given at most; what their capacity leaves when absent.
             * @default null
             */
            most_each?: number | null;
            /**
             * Format: double
             * @description Nobody is sent farther than this; the server's setting when absent.
             * @default null
             */
            radius_m?: number | null;
            /**
             * @description Why, for the histories of those that are sent.
             * @default null
             */
            reason?: string | null;
            /**
             * @description Send them too, each as by the action `dispatch`.
             * @default false
             */
            send?: boolean;
            /**
             * Format: double
             * @description How fast workers come nearer, as the crow flies; the server's setting when absent.
             * @default null
             */
            speed_mps?: number | null;
        };
        PlannedAssignment: {
            /**
             * Format: int32
             * @description Seconds until the worker is there, setting out now.
             */
            arrival_s: number;
            cost: components["schemas"]["Cost"];
            /** Format: int32 */
            cost_s: number;
            /**
             * Format: date-time
             * @description When somebody must be there.
             */
            deadline?: string | null;
            /** Format: double */
            distance_m: number;
            incident: components["schemas"]["PlannedIncident"];
            worker: components["schemas"]["PlannedWorker"];
        };
        /** @description Somebody who is to be on duty. */
        PlannedDuty: {
            /** @description That of the address when absent. */
            area?: string | null;
            /** Format: date */
            date: string;
            /** @example day */
            shift: string;
            slot: components["schemas"]["Slot"];
            stands_in_for?: components["schemas"]["WorkerId"] | null;
            worker: components["schemas"]["WorkerId"];
        };
        /** @description An incident of a plan. */
        PlannedIncident: {
            id: components["schemas"]["IncidentId"];
            number: components["schemas"]["IncidentNumber"];
            priority: components["schemas"]["Priority"];
            /**
             * Format: int64
             * @description What the plan was made on; name it when dispatching.
             */
            version: number;
        };
        PlannedWorker: {
            /** Format: int32 */
            capacity: number;
            id: components["schemas"]["WorkerId"];
            /**
             * Format: int32
             * @description Open tasks before this plan.
             */
            load: number;
            name: string;
        };
        /**
         * @description Coordinate systems that phones and maps in China use.
         * @enum {string}
         */
        PointCrs: "wgs84" | "gcj02" | "bd09";
        /** @description Points as a JSON body. */
        Points: {
            /**
             * @description Pairs of longitude and latitude.
             * @example [
             *       [
             *         119.0211,
             *         33.6101
             *       ]
             *     ]
             */
            points: number[][];
        };
        /** @description One worker's position. */
        PositionReport: {
            /** Format: float */
            accuracy_m?: number | null;
            /**
             * Format: date-time
             * @description When the device measured it; now when absent.
             */
            at?: string | null;
            /**
             * Format: float
             * @description Clockwise from north.
             */
            heading_deg?: number | null;
            /**
             * Format: double
             * @example 33.6101
             */
            lat: number;
            /**
             * Format: double
             * @example 119.0211
             */
            lon: number;
            /** Format: float */
            speed_mps?: number | null;
            worker: components["schemas"]["WorkerId"];
        };
        /** @description One position, an array of them, or an object that holds the array. */
        PositionReports: {
            positions: components["schemas"]["PositionReport"][];
        } | components["schemas"]["PositionReport"][] | components["schemas"]["PositionReport"];
        PositionsAnswer: {
            accepted: number;
            set_aside: components["schemas"]["SetAsidePosition"][];
        };
        /** @description From when until when a post is held; what is absent stays. */
        PostChangeRequest: {
            /** Format: date-time */
            from?: string | null;
            /**
             * Format: date-time
             * @description Null lets it last.
             */
            until?: string | null;
        };
        /** @description A post and who holds it. */
        PostDetail: {
            area: components["schemas"]["AreaCode"];
            area_name?: string | null;
            /** Format: date-time */
            from: string;
            id: components["schemas"]["PostId"];
            slot: components["schemas"]["Slot"];
            /**
             * Format: date-time
             * @description Not included; null while it lasts.
             */
            until?: string | null;
            worker: components["schemas"]["StaffMember"];
        };
        /** @description Somebody posted to a place. */
        PostedWorker: {
            id: components["schemas"]["WorkerId"];
            name: string;
            on_duty: boolean;
            /**
             * @description Masked.
             * @example 199****0123
             */
            phone?: string | null;
            role: components["schemas"]["WorkerRole"];
            slot: components["schemas"]["Slot"];
        };
        /** Format: uuid */
        PostId: string;
        /** @enum {string} */
        Priority: "urgent" | "high" | "normal" | "low";
        /** @description An RFC 9457 problem: what went wrong, where, and how to mend it. */
        Problem: Record<string, unknown> & {
            /**
             * @description Stable; for programs.
             * @example not_found
             */
            code: string;
            /** @description For people. */
            detail: string;
            /** Format: int32 */
            status: number;
            /** @description The status in words. */
            title: string;
            /**
             * @description `about:blank`: `code` tells problems apart.
             * @example about:blank
             */
            type: string;
        };
        /** @description What became of a draft. */
        Published: {
            edition: components["schemas"]["Edition"];
            rebased_onto?: components["schemas"]["EditionId"] | null;
        };
        /** @description Publishing a draft. */
        PublishRequest: {
            /**
             * Format: date-time
             * @description From when the edition is in force; now when absent or past.
             */
            effective_from?: string | null;
            /** @description Said wherever the borders are shown; as before when absent. */
            notice?: string | null;
            /** @description Why it is published with the defects that ask for a reason. */
            reason?: string | null;
            /** @description What the territory is called; as before when absent. */
            title?: string | null;
            /**
             * Format: int64
             * @description The version of the draft that was looked at.
             */
            version: number;
        };
        /** @description A draft, and how its file was read. */
        ReadDraft: {
            draft: components["schemas"]["Draft"];
            reading?: components["schemas"]["Reading"] | null;
        };
        /** @description What a file says, and how it is taken. */
        Reading: {
            /** Format: int64 */
            bytes: number;
            /** @description The columns of the file. */
            columns: string[];
            /** @description The one that was taken; null while it has to be chosen. */
            crs?: string | null;
            /** @description What the coordinates may be, the likeliest first. */
            crs_candidates: components["schemas"]["CrsChoice"][];
            /** @description What speaks against taking them as they are, or why people must choose. */
            crs_remarks: string[];
            /** @description What the file says its coordinates are. */
            declared_crs?: string | null;
            encoding: string;
            /** @description How the encoding is known. */
            encoding_source: string;
            /** @description Every encoding that the texts are valid in, the one taken first. */
            encodings: components["schemas"]["EncodingChoice"][];
            fault_count: number;
            /** @description Features whose ground could not be read, the first of them; their areas have none. */
            faults: string[];
            features: number;
            file_name: string;
            /** @description `None` while the layer has to be chosen. */
            format?: string | null;
            /** @description The layer that was read; null while it has to be chosen. */
            layer?: string | null;
            /** @description The layers to choose from, when the file has several. */
            layers: components["schemas"]["LayerChoice"][];
            /** @description What each was taken for: `code`, `name`, `level`, `parent`, `kind`. */
            mapping: {
                [key: string]: string;
            };
            mapping_source: components["schemas"]["MappingSource"];
            sha256: string;
            /** @description What people have to choose before areas can be made: `layer`, `crs`, `columns`. */
            undecided: string[];
        };
        /** @description How a draft's file is to be read. */
        ReadingRequest: {
            columns?: Record<string, unknown> | null;
            /** @description Such as `EPSG:4528`, `gcj02` or `wgs84+swapped`. */
            crs?: string | null;
            encoding?: string | null;
            layer?: string | null;
            replace?: boolean;
            /**
             * Format: int64
             * @description The version of the draft that was looked at.
             */
            version: number;
        };
        ReasonCount: {
            count: number;
            reason: components["schemas"]["LeftOutReason"];
        };
        /** @description What the rules of escalation would have done. */
        RehearsalAnswer: {
            /** @description False when there are more incidents than a rehearsal looks at: the latest were. */
            complete: boolean;
            /** @description One by one, the earliest first; at most a thousand. */
            fires: components["schemas"]["Fire"][];
            looked_at: number;
            /** @description By rule, in the order of the rules. */
            rules: components["schemas"]["RehearsedRule"][];
        };
        /** @description Rules to try on incidents of the past. */
        RehearsalRequest: {
            area?: string | null;
            rules?: components["schemas"]["Rulebook"] | null;
            /**
             * Format: date-time
             * @description Incidents reported at this time or later, and before `until`.
             */
            since: string;
            /** Format: date-time */
            until: string;
        };
        /** @description How often a rule would have acted. */
        RehearsedRule: {
            /** @description On how many incidents. */
            incidents: number;
            order: components["schemas"]["Order"];
            rule: string;
            times: number;
        };
        /** @description A repair with what it needs to know. */
        Repair: {
            /** @description Only these areas, or the places between them; all when empty. */
            areas?: components["schemas"]["AreaId"][];
            kind: components["schemas"]["RepairKind"];
            /**
             * Format: double
             * @description `fill_gaps`, `settle_overlaps`, `drop_tiny_parts`: leave larger ones alone.
             */
            max_m2?: number | null;
            /** @description `settle_overlaps`. */
            rule?: components["schemas"]["OverlapRule"];
            /**
             * Format: double
             * @description `snap`: how far points move at most; 0.5 when absent. `drop_tiny_parts`: ignored.
             */
            tolerance_m?: number | null;
        };
        /** @description What repairs did. */
        Repaired: {
            /** @description Areas whose ground is drawn otherwise now. */
            areas: components["schemas"]["RepairedArea"][];
            /** @description After the repairs; as it was with `dry_run`. */
            draft: components["schemas"]["Draft"];
            /** @description What was done, place by place. */
            mendings: components["schemas"]["Mending"][];
        };
        /** @description An area before and after repairs, as GeoJSON geometries. */
        RepairedArea: {
            after?: Record<string, unknown> | null;
            before?: Record<string, unknown> | null;
            code: string;
            id: components["schemas"]["AreaId"];
        };
        /** @enum {string} */
        RepairKind: "close_rings" | "drop_duplicates" | "drop_spikes" | "make_valid" | "drop_tiny_parts" | "snap" | "fill_gaps" | "settle_overlaps" | "clip_to_parent";
        /** @description Repairs of a draft, done in the order given. */
        RepairRequest: {
            /** @description Say what would be done, and change nothing. */
            dry_run?: boolean;
            repairs: components["schemas"]["Repair"][];
            /**
             * Format: int64
             * @description The version of the draft that was looked at.
             */
            version: number;
        };
        Replayed: {
            /** Format: int64 */
            replayed: number;
        };
        ReplayRequest: {
            /** @description The identity of a dead event; all of the endpoint when absent. */
            delivery?: string | null;
        };
        /** @description Who reported, masked. */
        Reporter: {
            /** @example 王** */
            name?: string | null;
            /** @example 138****1234 */
            phone?: string | null;
        };
        ReporterRequest: {
            name?: string | null;
            phone?: string | null;
        };
        /** @description What somebody reports. */
        ReportRequest: {
            address?: string | null;
            /** @description The coordinate system of `lon` and `lat`; `wgs84` when absent. */
            crs?: components["schemas"]["PointCrs"];
            description: string;
            /** @description The fields of the service's form. */
            form?: Record<string, unknown>;
            /**
             * Format: double
             * @example 33.6101
             */
            lat: number;
            /**
             * Format: double
             * @example 119.0211
             */
            lon: number;
            priority?: components["schemas"]["Priority"] | null;
            reporter?: components["schemas"]["ReporterRequest"] | null;
            /** @description A code of `/api/v1/services`. */
            service: string;
            source?: components["schemas"]["Source"] | null;
        };
        /**
         * @description The arguments of a report. Attributes are sent as `attribute[CODE]=value`, several values
         *     of one as `attribute[CODE][]=value`.
         */
        RequestForm: {
            account_id?: string | null;
            /** @description Kept nowhere, as `email`, `device_id` and `account_id`; the answer says so. */
            address_id?: string | null;
            address_string?: string | null;
            api_key?: string | null;
            /** @description At most 4,000 characters; without it the name of the service stands there. */
            description?: string | null;
            device_id?: string | null;
            email?: string | null;
            first_name?: string | null;
            jurisdiction_id?: string | null;
            last_name?: string | null;
            /**
             * Format: double
             * @description WGS 84, degrees. The standard also knows reports with an address alone; nobody here
             *     would find it, so they are refused.
             */
            lat: number;
            /** Format: double */
            long: number;
            /** @description Of `http` or `https`. Kept as a link; what it leads to is not fetched. */
            media_url?: string | null;
            phone?: string | null;
            /** @example city-bulky-waste */
            service_code: string;
        };
        /** @enum {string} */
        RequestKind: "return" | "extension";
        /** @enum {string} */
        RequestStatus: "open" | "closed";
        /**
         * @description A step of a request, as `FixMyStreet` has it
         *     (<https://github.com/mysociety/fixmystreet/wiki/Open311-FMS---Proposed-differences-to-Open311>).
         */
        RequestUpdate: {
            description: string;
            media_url?: string | null;
            service_request_id: string;
            /** @description After the step. */
            status: components["schemas"]["RequestStatus"];
            /** @example 20261122000123.2 */
            update_id: string;
            /** Format: date-time */
            updated_datetime: string;
        };
        /** @description What a token stands for. */
        ResolvedToken: {
            /** @example 20261122000123 */
            service_request_id: string;
            token: string;
        };
        /** @enum {string} */
        Role: "resident" | "worker" | "dispatcher" | "gis" | "department" | "leader" | "auditor" | "administrator" | "system";
        /** @description Going back to an earlier state. */
        RollbackRequest: {
            /**
             * Format: date-time
             * @description From when the earlier state is in force again; now when absent.
             */
            effective_from?: string | null;
            /** @description Why. */
            reason: string;
        };
        /** @description The roster of an area and all below it. */
        RosterAnswer: {
            area: components["schemas"]["AreaCode"];
            /** @description By date, time, area and slot. */
            duties: components["schemas"]["DutyDetail"][];
            /** Format: date */
            from: string;
            /** @description The shifts of the rules in force. */
            shifts: components["schemas"]["Shift"][];
            /**
             * Format: date
             * @description Not included.
             */
            until: string;
            /** @description To be sent with a change: by it is told what has been seen. */
            version: string;
        };
        /** @description A roster that is to take the place of another. */
        RosterRequest: {
            /** @description All duties in the area and below it, on the dates. */
            duties: components["schemas"]["PlannedDuty"][];
            /** @description Of the roster as it was read. */
            version: string;
        };
        RotatedSecret: {
            /** @description Signs from now on; not shown again. */
            secret: string;
        };
        /** @description Where an incident goes, and why. */
        Route: {
            /** @description The level of the centre that acts first; without such a centre, the deepest above. */
            centre: components["schemas"]["Level"];
            /** @description Every rule that was looked at and met the incident, the most specific first. */
            considered: components["schemas"]["Considered"][];
            department?: string | null;
            lead: components["schemas"]["LeadKind"];
            role?: components["schemas"]["WorkerRole"] | null;
            /** @description The rule that decided; `None` when the service itself did. */
            rule?: string | null;
            skills: string[];
        };
        /** @description Where an incident of a service goes by default. */
        Routing: {
            department?: string | null;
            lead: components["schemas"]["LeadKind"];
            /** @description What the lead must know. */
            skills?: string[];
        };
        /** @description A rule of routing. */
        RoutingRule: {
            id: string;
            scope?: components["schemas"]["Scope"];
            to: components["schemas"]["Destination"];
        };
        /**
         * @description One of `from` (the path of a value), `text` (a text with paths in braces) and `value`
         *     (the value itself), and what is made of it.
         * @example {
         *       "as": "number",
         *       "from": "经纬度",
         *       "part": 0,
         *       "split": ","
         *     }
         */
        Rule: {
            as?: components["schemas"]["Kind"] | null;
            /** @description For a value that is not there, or not among the words. */
            default?: unknown;
            from?: string | null;
            part?: number | null;
            /** @description What separates the parts of a text, of which `part` is taken, from 0 on. */
            split?: string | null;
            /** @example {incident.lon},{incident.lat} */
            text?: string | null;
            value?: unknown;
            /**
             * @description What texts are replaced by. A text that is not here stays as it is, or becomes the
             *     `default`.
             */
            words?: {
                [key: string]: unknown;
            };
        };
        /** @description All rules of a territory. */
        Rulebook: {
            /** @description By which working time is counted. */
            calendar: components["schemas"]["CalendarDefinition"];
            /** @description What happens to incidents that wait too long. */
            escalation?: components["schemas"]["EscalationRule"][];
            /** @description Where incidents go. Without a rule, to the township's centre and as the service says. */
            routing?: components["schemas"]["RoutingRule"][];
            /** @description What is sent without a dispatcher; the first rule that an incident meets. */
            sending?: components["schemas"]["SendingRule"][];
            /** @description Into what a day of duty is divided; the day and the night when absent. */
            shifts?: components["schemas"]["Shift"][];
            /**
             * Format: int32
             * @description How long a summoned department has to sign, in natural minutes.
             */
            summon_minutes?: number;
        };
        /** @description All rules of the territory in one version. */
        RulesAnswer: components["schemas"]["RulesVersion"] & {
            rules: components["schemas"]["Rulebook"];
        };
        /** @description Rules that are to take the place of those in force. */
        RulesRequest: {
            /**
             * Format: int64
             * @description The version that they were made from; it must still be in force.
             */
            base: number;
            /** @description Why they are changed. */
            note?: string | null;
            rules: components["schemas"]["Rulebook"];
        };
        /** @description When rules were saved, and by whom. */
        RulesVersion: {
            /** Format: date-time */
            at: string;
            note?: string | null;
            saved_by: string;
            /**
             * Format: int64
             * @description 0 for the rules that are built in.
             */
            version: number;
        };
        /** @description What a rule is about. What is left out sets no bound. */
        Scope: {
            /**
             * @description The place lies in this area.
             * @default null
             */
            area?: string | null;
            /** @default null */
            during?: components["schemas"]["During"] | null;
            /**
             * @description A group of services.
             * @default null
             */
            group?: string | null;
            /** @default null */
            priority?: components["schemas"]["Priority"] | null;
            /** @default null */
            season?: components["schemas"]["Season"] | null;
            /** @default null */
            service?: string | null;
        };
        /** @description One part of a score: `value` (0 to 1) counts with `weight`. */
        ScorePart: {
            part: components["schemas"]["Part"];
            reason: components["schemas"]["PartReason"];
            /** Format: double */
            value: number;
            /** Format: double */
            weight: number;
        };
        /** @description A part of every year, both days included; it may run over New Year. */
        Season: {
            /** @example 05-01 */
            from: string;
            /** @example 09-30 */
            until: string;
        };
        /**
         * @description Incidents in this scope are offered to the first of the ranking without a dispatcher.
         *     An offer that is not signed in time goes to the next; once offered it stays, however
         *     positions change meanwhile.
         */
        SendingRule: {
            /**
             * @description True when the rule files what was reported, too; otherwise it waits until somebody
             *     has filed it.
             */
            files?: boolean;
            id: string;
            /**
             * Format: double
             * @description Nobody with a lower score is sent, 0 to 1.
             */
            min_score?: number;
            /**
             * Format: int32
             * @description How long an offer stands, in natural minutes.
             */
            offer_minutes: number;
            /**
             * Format: int32
             * @description After so many offers it is left to a dispatcher.
             */
            offers: number;
            scope?: components["schemas"]["Scope"];
        };
        /** @description What came of sending somebody. */
        SentIncident: {
            incident: components["schemas"]["IncidentId"];
            problem?: components["schemas"]["Problem"] | null;
            /**
             * Format: int64
             * @description The version that the incident has now; absent when it was not sent.
             */
            version?: number | null;
        };
        /** @description An entry of the catalogue (事项). */
        Service: {
            code: components["schemas"]["ServiceCode"];
            description_en: string;
            description_zh: string;
            fields?: components["schemas"]["FormField"][];
            group: string;
            /** @description Other limits for some of its incidents. */
            limit_rules?: components["schemas"]["LimitRule"][];
            limits: components["schemas"]["Limits"];
            name_en: string;
            name_zh: string;
            priority: components["schemas"]["Priority"];
            routing: components["schemas"]["Routing"];
            /** @description True when a grid worker may finish it on the spot (自办). */
            self_handle: boolean;
        };
        ServiceAttribute: {
            code: string;
            datatype: components["schemas"]["Datatype"];
            datatype_description?: string | null;
            description: string;
            /** @description From 1 on, each once. */
            order: number;
            required: boolean;
            /** @description For lists alone. */
            values: components["schemas"]["AttributeValue"][];
            /** @description True: somebody has to enter it. */
            variable: boolean;
        };
        /** @description The code of an entry in the service catalogue. */
        ServiceCode: string;
        /** @description What can be said of a kind of request. */
        ServiceDefinition: {
            attributes: components["schemas"]["ServiceAttribute"][];
            service_code: components["schemas"]["ServiceCode"];
        };
        /** @description A group of services, as menus show them. */
        ServiceGroup: {
            code: string;
            name_en: string;
            name_zh: string;
        };
        /** @description The whole catalogue. */
        ServiceList: {
            groups: components["schemas"]["ServiceGroup"][];
            items: components["schemas"]["Service"][];
        };
        /** @description A kind of request. */
        ServiceListing: {
            description: string;
            group: string;
            /** @description Separated by commas. */
            keywords: string;
            /** @description True when there are attributes, which the service's definition says. */
            metadata: boolean;
            service_code: components["schemas"]["ServiceCode"];
            service_name: string;
            type: components["schemas"]["ServiceType"];
        };
        /** @description A request, as much of it as the caller may see. */
        ServiceRequest: {
            /** @description From the most specific to the most general. */
            address?: string | null;
            address_id?: string | null;
            agency_responsible?: string | null;
            description?: string | null;
            /** Format: date-time */
            expected_datetime?: string | null;
            extended_attributes?: components["schemas"]["ExtendedAttributes"] | null;
            /**
             * Format: double
             * @description WGS 84, degrees.
             */
            lat?: number | null;
            /**
             * Format: double
             * @description WGS 84, degrees.
             */
            long?: number | null;
            media_url?: string | null;
            /** Format: date-time */
            requested_datetime: string;
            service_code: components["schemas"]["ServiceCode"];
            service_name: string;
            service_notice?: string | null;
            /** @example 20261122000123 */
            service_request_id: string;
            status: components["schemas"]["RequestStatus"];
            status_notes?: string | null;
            /**
             * Format: date-time
             * @description When it was closed, for those that are.
             */
            updated_datetime: string;
            zipcode?: string | null;
        };
        /** @enum {string} */
        ServiceType: "realtime";
        /** @description Who the caller is. */
        Session: {
            actor: components["schemas"]["SessionActor"];
            /** @description True when the server takes every caller for an administrator. */
            open: boolean;
        };
        SessionActor: {
            area?: components["schemas"]["AreaCode"] | null;
            name: string;
            organisation?: components["schemas"]["OrganisationId"] | null;
            role: components["schemas"]["Role"];
            worker?: components["schemas"]["WorkerId"] | null;
        };
        /** @enum {string} */
        SetAside: "future" | "null_island" | "out_of_range" | "jump" | "too_old" | "late" | "unknown_worker";
        /** @description A position that was not taken, by its place in the request from 0. */
        SetAsidePosition: {
            index: number;
            reason: components["schemas"]["SetAside"];
        };
        /** @description How an alarm ended. */
        SettledDetail: {
            /** Format: date-time */
            at: string;
            by: string;
            note?: string | null;
        };
        SettleRequest: {
            /** @description What was found, at most 1,000 characters. */
            note?: string | null;
        };
        /** @enum {string} */
        Severity: "error" | "warning" | "notice";
        /** @description Parts from 0 to 1; null when there is nothing to take a part of. */
        Shares: {
            /**
             * Format: double
             * @description `fed_back_on_time` of these and `fed_back_late`.
             */
            fed_back_on_time?: number | null;
            /** Format: double */
            judged_resolved?: number | null;
            /**
             * Format: double
             * @description `judged_responded`, `judged_resolved` and `judged_satisfied` of `evaluated`.
             */
            judged_responded?: number | null;
            /** Format: double */
            judged_satisfied?: number | null;
            /**
             * Format: double
             * @description 就地化解率: `local` of `resolved`.
             */
            local?: number | null;
            /**
             * Format: double
             * @description `signed_on_time` of these and `signed_late`.
             */
            signed_on_time?: number | null;
        };
        /** @description A part of every day, in the time zone of the calendar. */
        Shift: {
            /** @example night */
            code: string;
            from: components["schemas"]["TimeOfDay"];
            /** @example Night */
            name_en: string;
            /** @example 夜班 */
            name_zh: string;
            /** @description Unless it is later than `from`, on the next day. */
            to: components["schemas"]["TimeOfDay"];
        };
        /** @enum {string} */
        Slot: "cadre" | "grid_worker" | "volunteer";
        /** @description Somebody who fills a slot. */
        SlotFilling: {
            by: components["schemas"]["FilledBy"];
            stands_in_for?: components["schemas"]["Named"] | null;
            worker?: components["schemas"]["StaffMember"] | null;
        };
        /** @description How a slot of a grid stands, over a day for a part of it. */
        SlotStaffing: {
            area: components["schemas"]["AreaRef"];
            filled_by: components["schemas"]["SlotFilling"][];
            /**
             * Format: date-time
             * @description Null at a moment.
             */
            from?: string | null;
            slot: components["schemas"]["Slot"];
            state: components["schemas"]["SlotState"];
            /**
             * Format: date-time
             * @description Not included; null at a moment.
             */
            until?: string | null;
        };
        /** @enum {string} */
        SlotState: "vacant" | "filled" | "double";
        /** @enum {string} */
        Source: "resident" | "worker" | "hotline" | "sensor" | "department" | "dispatcher";
        /** @description Hours on end within one day. What goes on over midnight is two spans, one on each day. */
        Span: {
            from: components["schemas"]["TimeOfDay"];
            to: components["schemas"]["TimeOfDay"];
        };
        SpatialExtent: {
            /** @description West, south, east, north. */
            bbox: number[][];
            crs: string;
        };
        /** @description How the slots of an area's grids stand. */
        StaffingAnswer: {
            /**
             * Format: date-time
             * @description Null when a day was asked for.
             */
            at?: string | null;
            /** @description By the areas of a level, in their order. */
            counts: components["schemas"]["AreaCount"][];
            /**
             * Format: date
             * @description Null when a moment was asked for.
             */
            date?: string | null;
            /** @description By grid and slot. */
            items: components["schemas"]["SlotStaffing"][];
            next?: string | null;
            total: components["schemas"]["StaffingCount"];
        };
        /** @description How many slots are not filled as they should be. */
        StaffingCount: {
            /**
             * Format: int64
             * @description Slots that more than one fill, over a day for some of it.
             */
            double: number;
            /** Format: int64 */
            grids: number;
            /** Format: int64 */
            slots: number;
            /**
             * Format: int64
             * @description Slots that nobody fills, over a day for some of it.
             */
            vacant: number;
            /**
             * Format: int64
             * @description For how long nobody fills them, added up; null at a moment.
             */
            vacant_minutes?: number | null;
        };
        /** @description A worker as others are told of them. */
        StaffMember: {
            id: components["schemas"]["WorkerId"];
            name: string;
            on_duty: boolean;
            /**
             * @description Masked.
             * @example 199****0123
             */
            phone?: string | null;
            role: components["schemas"]["WorkerRole"];
        };
        /** @description Figures over a window of time. */
        Statistics: {
            area?: components["schemas"]["AreaRef"] | null;
            /** Format: date-time */
            as_of: string;
            /** @description In the order in which they were asked for. */
            breakdowns: components["schemas"]["FiguresBy"][];
            /** Format: date-time */
            from: string;
            time: components["schemas"]["CountedBy"];
            total: components["schemas"]["Figures"];
            /**
             * Format: date-time
             * @description Not included.
             */
            until: string;
            zone: string;
        };
        /** @enum {string} */
        Status: "reported" | "filed" | "dispatched" | "handling" | "verifying" | "closed" | "evaluated";
        /** @description A superior centre's eye on an incident (督办), until it is answered. */
        Supervision: {
            /** Format: date-time */
            answer_by?: string | null;
            /** @description As it is written into the history. */
            by: string;
            reason: string;
            /** Format: date-time */
            since: string;
        };
        Task: {
            /**
             * Format: date-time
             * @description When the worker came to the place, as far as their positions tell.
             */
            arrived_at?: string | null;
            assignee: components["schemas"]["NamedAssignee"];
            deadlines?: components["schemas"]["Deadlines"] | null;
            /** Format: date-time */
            fed_back_at?: string | null;
            id: components["schemas"]["TaskId"];
            note?: string | null;
            /**
             * Format: date-time
             * @description Until when the offer of a rule stands.
             */
            offer_until?: string | null;
            /** Format: date-time */
            offered_at: string;
            role: components["schemas"]["TaskRole"];
            /** Format: date-time */
            signed_at?: string | null;
            status: components["schemas"]["TaskStatus"];
            /** @description True for a department that was called (乡镇吹哨). */
            summoned: boolean;
        };
        /** Format: uuid */
        TaskId: string;
        /** @enum {string} */
        TaskRole: "lead" | "assist";
        /** @enum {string} */
        TaskStatus: "offered" | "signed" | "fed_back" | "returned" | "recalled" | "ended" | "expired";
        TemporalExtent: {
            /** @description From when on, and until when; null is open. */
            interval: (string | null)[][];
            trs: string;
        };
        /** @description A layer of tiles, as TileJSON 3.0. */
        TileJson: {
            /** @description To be shown with the borders. */
            attribution?: string | null;
            /** @description West, south, east, north of the territory. */
            bounds?: number[] | null;
            /** Format: int32 */
            maxzoom: number;
            /** Format: int32 */
            minzoom: number;
            name: string;
            scheme: string;
            /** @example 3.0.0 */
            tilejson: string;
            /**
             * @description Where the tiles are. The address names the edition, so that it can be kept forever.
             * @example [
             *       "https://example.org/tiles/grids/{z}/{x}/{y}.mvt?edition=3-1767225600000-1"
             *     ]
             */
            tiles: string[];
            /** @description The polygons, and the points where names are written. */
            vector_layers: components["schemas"]["VectorLayer"][];
        };
        TileMatrix: {
            /**
             * Format: double
             * @description How wide a pixel is, in metres.
             */
            cellSize: number;
            cornerOfOrigin: string;
            id: string;
            /** Format: int32 */
            matrixHeight: number;
            /** Format: int32 */
            matrixWidth: number;
            pointOfOrigin: number[];
            /** Format: double */
            scaleDenominator: number;
            /** Format: int32 */
            tileHeight: number;
            /** Format: int32 */
            tileWidth: number;
        };
        TileMatrixLimits: {
            /** Format: int32 */
            maxTileCol: number;
            /** Format: int32 */
            maxTileRow: number;
            /** Format: int32 */
            minTileCol: number;
            /** Format: int32 */
            minTileRow: number;
            tileMatrix: string;
        };
        /** @description A way to cut tiles (OGC 17-083r4). */
        TileMatrixSet: {
            crs: string;
            id: string;
            orderedAxes: string[];
            tileMatrices: components["schemas"]["TileMatrix"][];
            title: string;
            uri: string;
            wellKnownScaleSet: string;
        };
        TileMatrixSetItem: {
            crs: string;
            id: string;
            links: components["schemas"]["Link"][];
            title: string;
            uri: string;
        };
        /** @description The ways in which tiles are cut. */
        TileMatrixSets: {
            tileMatrixSets: components["schemas"]["TileMatrixSetItem"][];
        };
        /** @description A set of tiles: how they are cut, where there are any, and what is in them. */
        TileSet: {
            boundingBox?: components["schemas"]["TileSetBounds"] | null;
            crs: string;
            dataType: string;
            layers: components["schemas"]["TileSetLayer"][];
            links: components["schemas"]["Link"][];
            /** @description Zoom by zoom the rows and columns in which there may be something. */
            tileMatrixSetLimits: components["schemas"]["TileMatrixLimits"][];
            tileMatrixSetURI: string;
            title: string;
        };
        TileSetBounds: {
            crs: string;
            /** @description West and south. */
            lowerLeft: number[];
            /** @description East and north. */
            upperRight: number[];
        };
        TileSetItem: {
            crs: string;
            dataType: string;
            links: components["schemas"]["Link"][];
            tileMatrixSetURI: string;
            title: string;
        };
        TileSetLayer: {
            dataType: string;
            /**
             * Format: int32
             * @description 0 for points, 2 for polygons.
             */
            geometryDimension: number;
            id: string;
            maxTileMatrix: string;
            minTileMatrix: string;
            /** @description The attributes of its features, as a JSON schema. */
            propertiesSchema: Record<string, unknown>;
            title: string;
        };
        /** @description The sets of tiles of a collection. */
        TileSets: {
            links: components["schemas"]["Link"][];
            tilesets: components["schemas"]["TileSetItem"][];
        };
        /**
         * @description What a clock on the wall shows, to the minute: `00:00` to `24:00`.
         * @example 08:30
         */
        TimeOfDay: string;
        /** @description Who finds themselves on other ground. */
        Touched: {
            /** @description Open incidents that will be matched to other areas, by number. */
            incidents: components["schemas"]["TouchedIncident"][];
            /** @description Posts in areas that are no more, or have another code. */
            posts: components["schemas"]["TouchedPost"][];
        };
        TouchedIncident: {
            id: components["schemas"]["IncidentId"];
            is?: components["schemas"]["AreaRef"] | null;
            number: string;
            was?: components["schemas"]["AreaRef"] | null;
        };
        TouchedPost: {
            /** @description The code that the area has now; null when the area is no more. */
            is?: string | null;
            post: components["schemas"]["PostId"];
            was: string;
            worker: components["schemas"]["WorkerId"];
        };
        /**
         * @description What anyone may follow by an incident's number: where it stands, and nothing that
         *     leads to a person's door.
         */
        TrackedIncident: {
            area?: components["schemas"]["AreaRef"] | null;
            /** Format: date-time */
            closed_at?: string | null;
            number: components["schemas"]["IncidentNumber"];
            original?: components["schemas"]["Original"] | null;
            outcome?: components["schemas"]["Outcome"] | null;
            /** Format: date-time */
            reported_at: string;
            service_name: components["schemas"]["Bilingual"];
            status: components["schemas"]["Status"];
            /** Format: date-time */
            updated_at: string;
        };
        /** @description Ground that one area of a level gives to another; null for nobody. */
        Transfer: {
            from?: components["schemas"]["AreaId"] | null;
            level: components["schemas"]["Level"];
            /** Format: double */
            size_m2: number;
            to?: components["schemas"]["AreaId"] | null;
        };
        /** @description An incident that nobody goes to, and why. */
        UnassignedIncident: components["schemas"]["WhyNobody"] & {
            incident: components["schemas"]["PlannedIncident"];
        };
        UndoRequest: {
            /**
             * Format: int64
             * @description The version of the draft that was looked at.
             */
            version: number;
        };
        /** @description A file of boundaries, and what whoever sends it knows better than the file. */
        UploadForm: {
            /** @description Which column is which, as JSON: `{"code": "XZQDM", "name": "XZQMC"}`. */
            columns?: string | null;
            /** @description The coordinate system, such as `EPSG:4528`, `gcj02` or `wgs84+swapped`. */
            crs?: string | null;
            /** @description The encoding of texts, such as `GB18030`. */
            encoding?: string | null;
            /**
             * Format: binary
             * @description Zipped Shapefile, GeoJSON, newline-delimited GeoJSON, GeoPackage, KML, KMZ,
             *     FlatGeobuf, CSV with WKT, or the corner-point text of Chinese surveys; at most
             *     500 MB.
             */
            file: string;
            /** @description The layer, when the file has several. */
            layer?: string | null;
            /**
             * @description `true`: areas of the levels and parents in the file that it does not have are
             *     removed.
             */
            replace?: boolean | null;
            scheme?: string | null;
            /** @description What the draft is called; the name of the file when absent. */
            title?: string | null;
        };
        VectorLayer: {
            description: string;
            fields: Record<string, unknown>;
            id: string;
            /** Format: int32 */
            maxzoom: number;
            /** Format: int32 */
            minzoom: number;
        };
        /** @description Every defect of boundaries, and how each parent is covered. */
        Verdict: {
            /** @description By code of the parent. */
            coverage: components["schemas"]["Coverage"][];
            /** @description The worst first. */
            defects: components["schemas"]["Defect"][];
            errors: number;
            /** @description How many areas were judged. */
            judged: number;
            notices: number;
            /**
             * @description `barred` by errors, `needs_reason` for warnings, or `free`.
             * @example needs_reason
             */
            publishing: string;
            warnings: number;
        };
        /** @description An incident, as much of it as the caller may see. */
        VisibleIncident: components["schemas"]["Incident"] | components["schemas"]["TrackedIncident"];
        /** @description A worker's stay in a grid. */
        VisitDetail: {
            area: components["schemas"]["AreaCode"];
            area_name?: string | null;
            /** @description True when it is more than passing through. */
            dwells: boolean;
            /** Format: date-time */
            from: string;
            /**
             * Format: double
             * @description How much of it lies within the time asked for.
             */
            minutes: number;
            /**
             * Format: date-time
             * @description When the last position was measured that belongs to it.
             */
            seen_at: string;
            /**
             * Format: date-time
             * @description Null while it lasts.
             */
            until?: string | null;
        };
        /** @description A worker is watched over. */
        WatchDetail: {
            /** Format: int32 */
            minutes: number;
            set_by: string;
            /** Format: date-time */
            since: string;
            worker: components["schemas"]["WorkerId"];
        };
        WatchRequest: {
            /**
             * Format: int32
             * @description How long the worker may stay without moving or sending a position; as it is set on
             *     the server when absent.
             */
            minutes?: number | null;
        };
        /** @description An endpoint: an address at which an organisation is told of incidents. */
        Webhook: {
            /** @description The actions it is told of; all when empty. */
            actions: components["schemas"]["Action"][];
            /** Format: date-time */
            created_at: string;
            created_by: string;
            hears: components["schemas"]["Hearing"];
            /**
             * Format: date-time
             * @description Until when it asked to be left alone.
             */
            held_until?: string | null;
            id: components["schemas"]["WebhookId"];
            last_failure?: string | null;
            /** Format: date-time */
            last_failure_at?: string | null;
            /** Format: date-time */
            last_success_at?: string | null;
            mapping?: components["schemas"]["Mapping"] | null;
            /**
             * Format: date-time
             * @description Until when the secret before this one signs too.
             */
            old_secret_until?: string | null;
            organisation: components["schemas"]["OrganisationId"];
            state: components["schemas"]["WebhookState"];
            url: string;
        };
        /** @description What is to be otherwise; what is absent stays. */
        WebhookChangeRequest: {
            actions?: components["schemas"]["Action"][] | null;
            hears?: components["schemas"]["Hearing"] | null;
            mapping?: components["schemas"]["Mapping"] | null;
            state?: components["schemas"]["WebhookState"] | null;
            url?: string | null;
        };
        /** @description An endpoint with how it does. */
        WebhookDetail: components["schemas"]["Webhook"] & {
            health: components["schemas"]["WebhookHealth"];
        };
        WebhookHealth: {
            /**
             * Format: int64
             * @description How many were given up, and can be replayed.
             */
            dead: number;
            /**
             * Format: int32
             * @description Of the last hundred that it took, the median of how long it took.
             */
            median_ms?: number | null;
            /**
             * Format: int64
             * @description How many events are on their way.
             */
            waiting: number;
        };
        /**
         * Format: uuid
         * @description An address that is told of incidents.
         */
        WebhookId: string;
        WebhookRequest: {
            /** @description The actions it is told of; all when empty. */
            actions?: components["schemas"]["Action"][];
            hears?: components["schemas"]["Hearing"] | null;
            mapping?: components["schemas"]["Mapping"] | null;
            organisation: components["schemas"]["OrganisationId"];
            /**
             * @description Must be `https`.
             * @example https://department.example/wangge
             */
            url: string;
        };
        /** @enum {string} */
        WebhookState: "active" | "paused";
        /** @description The working hours of each day of the week; none on a day that is left out. */
        Week: {
            /** @default [] */
            friday?: components["schemas"]["Span"][];
            /** @default [] */
            monday?: components["schemas"]["Span"][];
            /** @default [] */
            saturday?: components["schemas"]["Span"][];
            /** @default [] */
            sunday?: components["schemas"]["Span"][];
            /** @default [] */
            thursday?: components["schemas"]["Span"][];
            /** @default [] */
            tuesday?: components["schemas"]["Span"][];
            /** @default [] */
            wednesday?: components["schemas"]["Span"][];
        };
        WhyNobody: {
            looked_at: number;
            reasons: components["schemas"]["ReasonCount"][];
            /** @enum {string} */
            why: "nobody_eligible";
        } | {
            eligible: number;
            taken_by: components["schemas"]["PlannedIncident"][];
            /** @enum {string} */
            why: "all_taken";
        };
        /** @description A worker with posts, load and last position. */
        Worker: {
            /**
             * Format: int32
             * @description How many open tasks the worker may hold at once.
             */
            capacity: number;
            /**
             * Format: double
             * @description From the point asked for, if one was.
             */
            distance_m?: number | null;
            id: components["schemas"]["WorkerId"];
            /**
             * Format: int32
             * @description Open tasks.
             */
            load: number;
            name: string;
            on_duty: boolean;
            organisation?: components["schemas"]["Named"] | null;
            /** @description Masked. */
            phone?: string | null;
            position?: components["schemas"]["LastFix"] | null;
            /** Format: int64 */
            position_age_s?: number | null;
            posts: components["schemas"]["HeldPost"][];
            role: components["schemas"]["WorkerRole"];
            skills: string[];
        };
        /** Format: uuid */
        WorkerId: string;
        /** @description What a worker had to do. */
        WorkerLoad: {
            /**
             * Format: int32
             * @description Tasks as an assistant.
             */
            assisted: number;
            /**
             * Format: int32
             * @description Tasks fed back after their limit, or open beyond it.
             */
            late: number;
            /**
             * Format: int32
             * @description Tasks as the lead.
             */
            led: number;
            /**
             * Format: double
             * @description From the offer to the feedback, on the average.
             */
            mean_feed_back_s?: number | null;
            /**
             * Format: double
             * @description From the offer to the signature, on the average.
             */
            mean_sign_s?: number | null;
            /**
             * Format: int32
             * @description Tasks with something still to do.
             */
            open: number;
            /**
             * Format: int32
             * @description Tasks sent back.
             */
            returned: number;
            worker: components["schemas"]["StaffMember"];
        };
        /** @enum {string} */
        WorkerRole: "full_time" | "part_time" | "micro" | "cadre" | "volunteer" | "officer" | "mediator";
        /** @description The visits of a worker, by time. */
        WorkerVisits: {
            /** Format: date-time */
            from: string;
            items: components["schemas"]["VisitDetail"][];
            /** Format: date-time */
            until: string;
            worker: components["schemas"]["WorkerId"];
        };
        /** @description What workers had to do over a time. */
        WorkloadsAnswer: {
            /** @description By name. */
            items: components["schemas"]["WorkerLoad"][];
            next?: string | null;
            /** Format: date-time */
            since: string;
            /**
             * Format: date-time
             * @description Not included.
             */
            until: string;
        };
        /**
         * @description The holidays of a year and the days that are worked in return. Its dates may lie in the
         *     December before, where the holiday of a New Year may begin.
         */
        YearDefinition: {
            holidays?: components["schemas"]["Holiday"][];
            make_up_days?: components["schemas"]["MakeUpDay"][];
            /** @description Who announced it: the notice with its number or date. */
            source: string;
            /** Format: int32 */
            year: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_alarms: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                /** @description Only those that are not settled, or only those that are. */
                open?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AlarmDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    settle_alarm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettleRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_areas: {
        parameters: {
            query?: {
                /** @description As they were, or will be, at this time; now when absent. */
                at?: string;
                /**
                 * @description West, south, east, north in degrees.
                 * @example 119.0,33.5,119.1,33.6
                 */
                bbox?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                level?: components["schemas"]["Level"];
                limit?: number;
                /** @description Code of the parent. */
                parent?: string;
                /** @description Part of the name, or the beginning of the code. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AreaSummary"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_area: {
        parameters: {
            query?: {
                /** @description As it was, or will be, at this time; now when absent. */
                at?: string;
            };
            header?: never;
            path: {
                /** @example 320812 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AreaDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_children: {
        parameters: {
            query?: {
                /** @description As it was, or will be, at this time; now when absent. */
                at?: string;
            };
            header?: never;
            path: {
                /** @example 320812 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AreaSummary"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_area_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 320812 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AreaVersion"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_neighbours: {
        parameters: {
            query?: {
                /** @description As it was, or will be, at this time; now when absent. */
                at?: string;
            };
            header?: never;
            path: {
                /** @example 320812 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AreaSummary"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_posts: {
        parameters: {
            query?: {
                /** @description As they were, or will be, held at this time; now when absent. */
                at?: string;
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @example 320812 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PostDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_presence: {
        parameters: {
            query?: {
                /** @description With `from` or `until` it is answered who was there; without, who is there now. */
                from?: string;
                /** @description Not included; now when absent. At most 7 days after `from`. */
                until?: string;
            };
            header?: never;
            path: {
                /** @example 320812 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AreaAttendance"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_roster: {
        parameters: {
            query?: {
                /** @description The first date; today when absent. */
                from?: string;
                /** @description Not included, at most 92 days later; a week later when absent. */
                until?: string;
            };
            header?: never;
            path: {
                /** @example 320812 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RosterAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save_roster: {
        parameters: {
            query?: {
                /** @description The first date; today when absent. */
                from?: string;
                /** @description Not included, at most 92 days later; a week later when absent. */
                until?: string;
            };
            header?: never;
            path: {
                /** @example 320812 */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RosterRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RosterAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `roster_conflict`: it was changed since it was read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `roster_refused` lists everyone who cannot be on duty as planned */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    copy_roster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 320812 */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CopyRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CopyAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `roster_conflict`: there is another roster for the other dates */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_case: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The department's own number */
                case: string;
                organisation: components["schemas"]["OrganisationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepartmentCase"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_case: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The department's own number */
                case: string;
                organisation: components["schemas"]["OrganisationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, unknown>;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepartmentCase"];
                };
            };
            /** @description Filed just now */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepartmentCase"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_case_mapping: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                organisation: components["schemas"]["OrganisationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseMapping"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save_case_mapping: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                organisation: components["schemas"]["OrganisationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Mapping"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseMapping"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `mapping_refused` lists everything that is wrong */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plan_dispatch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_drafts: {
        parameters: {
            query?: {
                /** @description Only drafts in this state. */
                state?: components["schemas"]["DraftState"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Draft"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_draft: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDraft"];
                "multipart/form-data": components["schemas"]["UploadForm"];
            };
        };
        responses: {
            /** @description With `text/event-stream` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadDraft"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discard_draft: {
        parameters: {
            query: {
                /** @description The version of the draft that the caller has seen. */
                version: number;
            };
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is given up */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_draft_areas: {
        parameters: {
            query?: {
                /**
                 * @description West, south, east, north in degrees: only what meets this box.
                 * @example 119.0,33.5,119.1,33.6
                 */
                bbox?: string;
            };
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, unknown>;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    print_certificate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    compare_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Diff"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    compare_draft_on_map: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, unknown>;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Edited"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publish_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PublishRequest"];
            };
        };
        responses: {
            /** @description With `text/event-stream` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Published"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_reading: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reading"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_draft_again: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadingRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadDraft"];
                    "text/event-stream": string;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    repair_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RepairRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repaired"];
                    "text/event-stream": string;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_draft_steps: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DraftStep"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undo_draft_step: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UndoRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    judge_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftVerdict"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    judge_draft_on_map: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DraftId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, unknown>;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_editions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Edition"];
                };
            };
        };
    };
    roll_back_edition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The edition whose state is to be in force again */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollbackRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Edition"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_areas: {
        parameters: {
            query: {
                /**
                 * @description The code of an area: it and everything below it.
                 * @example 320812
                 */
                area?: string;
                /** @description The edition in force at this time. */
                at?: string;
                /**
                 * @description Such as `EPSG:4490`, `EPSG:4528`, `EPSG:3857`, `gcj02` or `bd09`; WGS 84 when
                 *     absent. Vector tiles (`pmtiles`) are always in Web Mercator.
                 * @example EPSG:4528
                 */
                crs?: string;
                /** @description An edition by its number; the one in force when absent. */
                edition?: number;
                format: "geojson" | "ndjson" | "shapefile" | "geopackage" | "kml" | "kmz" | "flatgeobuf" | "csv" | "survey" | "pmtiles";
                /**
                 * @description One level or several, separated by commas; all when absent.
                 * @example community,grid
                 */
                level?: string;
                /** @description The last zoom of vector tiles; 14 when absent. */
                max_zoom?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/flatgeobuf": number[];
                    "application/geo+json": Record<string, unknown>;
                    "application/geopackage+sqlite3": number[];
                    "application/vnd.google-earth.kml+xml": number[];
                    "application/vnd.google-earth.kmz": number[];
                    "application/x-ndjson": string;
                    "application/zip": number[];
                    "text/csv": string;
                    "text/plain": string;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    find_hot_spots: {
        parameters: {
            query?: {
                /** @description Inside this area. */
                area?: string;
                /** @description How far back; 7 when absent. */
                days?: number;
                /** @description How many make a crowd; 5 when absent. */
                least?: number;
                /** @description How near reports must be to each other; 150 when absent. */
                radius_m?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_HotSpot"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search_incidents: {
        parameters: {
            query?: {
                /** @description Inside this area. */
                area?: string;
                /** @description When lateness and ages are looked at; now when absent. */
                as_of?: string;
                bbox?: string;
                /** @description Closed at this time or later. */
                closed_since?: string;
                /** @description Closed before this time. */
                closed_until?: string;
                cursor?: string;
                /**
                 * @description Counted by this figure of the statistics, or by all of several, separated by commas.
                 * @example local,returned
                 */
                figure?: string;
                /**
                 * @description Held first by a centre of this level; `none` for those that were held nowhere.
                 * @example township
                 */
                first_level?: string;
                /**
                 * @description Signed or fed back after the limit, or not yet and the limit is over; or, with
                 *     `false`, not so.
                 */
                late?: boolean;
                /** @description Led by this worker or organisation, now or at the end. */
                lead?: string;
                limit?: number;
                number?: string;
                /** @description Only those that are neither closed nor evaluated. */
                open?: boolean;
                /**
                 * @description By the time of the report or of the last change; with `-` the newest first, as when
                 *     absent.
                 */
                order?: "-reported_at" | "reported_at" | "-updated_at" | "updated_at";
                /** @description Reported by somebody with this phone number. For those who dispatch; it is logged. */
                phone?: string;
                /** @description One priority or several, separated by commas. */
                priority?: string;
                /**
                 * @description Part of the number, the description or the address: any number of characters,
                 *     Chinese ones too; ASCII letters in either case.
                 */
                q?: string;
                /** @description One service or several, separated by commas. */
                service?: string;
                /** @description Reported at this time or later. */
                since?: string;
                /** @description One source or several, separated by commas. */
                source?: string;
                /**
                 * @description One status or several, separated by commas.
                 * @example reported,filed
                 */
                status?: string;
                /** @description Reported before this time. */
                until?: string;
                /** @description Changed last at this time or later. */
                updated_since?: string;
                /** @description Changed last before this time. */
                updated_until?: string;
                /** @description In no area of this level. */
                without?: "province" | "city" | "county" | "township" | "community" | "grid" | "microgrid";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Incident"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    file_incident: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportRequest"];
            };
        };
        responses: {
            /** @description Filed before under the same key */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identity or number */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VisibleIncident"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    act_on_incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identity or number */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActionRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `action_not_allowed` names the allowed ones; `version_conflict` carries the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    find_candidates: {
        parameters: {
            query?: {
                /** @description How many; 10 when absent. */
                k?: number;
            };
            header?: never;
            path: {
                /** @description Identity or number */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CandidateList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    find_duplicates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identity or number */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LikelyDuplicate"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identity or number */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Event"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_media: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identity or number */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_media: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identity or number */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["MediaForm"];
            };
        };
        responses: {
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Media"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explain_route: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identity or number */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    look_up_point: {
        parameters: {
            query: {
                /** @description How exact the point is; neighbours within this many metres are answered too. */
                accuracy_m?: number;
                /** @description Whose ground it was, or will be, at this time; now when absent. */
                at?: string;
                /** @description The coordinate system of `lon` and `lat`; `wgs84` when absent. */
                crs?: components["schemas"]["PointCrs"];
                /**
                 * @description Degrees north.
                 * @example 33.6101
                 */
                lat: number;
                /**
                 * @description Degrees east.
                 * @example 119.0211
                 */
                lon: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookUpAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    look_up_points: {
        parameters: {
            query?: {
                /** @description The coordinate system of the points; `wgs84` when absent. */
                crs?: components["schemas"]["PointCrs"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Points"];
                "application/vnd.apache.arrow.stream": number[];
                "application/x-ndjson": string;
                "text/csv": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BriefAnswers"];
                    "application/vnd.apache.arrow.stream": number[];
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_map_config: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MapConfig"];
                };
            };
        };
    };
    load_media: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MediaId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": number[];
                    "image/jpeg": number[];
                    "image/png": number[];
                    "image/webp": number[];
                };
            };
            /** @description The caller has it (`If-None-Match`) */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_thumbnail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MediaId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The thumbnail */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": number[];
                };
            };
            /** @description The caller has it (`If-None-Match`) */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_organisations: {
        parameters: {
            query?: {
                /** @description Answering for this area or for one that holds it. */
                area?: string;
                cursor?: string;
                kind?: components["schemas"]["OrganisationKind"];
                limit?: number;
                /** @description Part of the name. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Organisation"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    record_positions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PositionReports"];
                "application/x-ndjson": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionsAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    record_osmand_position: {
        parameters: {
            query: {
                /** @description In metres */
                accuracy?: number;
                /** @description Clockwise from north */
                bearing?: number;
                /** @description The worker, when the key does not say */
                id?: string;
                /** @description The key, for devices that cannot send it in a header */
                key?: string;
                /** @example 33.6101 */
                lat: number;
                /** @example 119.0211 */
                lon: number;
                /** @description In knots */
                speed?: number;
                timestamp?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionsAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_osmand_position: {
        parameters: {
            query?: {
                /** @description The key, for devices that cannot send it in a header */
                key?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionsAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    record_owntracks_position: {
        parameters: {
            query?: {
                /** @description The key, for devices that cannot send it in a header */
                key?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "_type": "location",
                 *       "acc": 8,
                 *       "lat": 33.6101,
                 *       "lon": 119.0211,
                 *       "tst": 1763798400
                 *     }
                 */
                "application/json": Record<string, unknown>;
            };
        };
        responses: {
            /** @description Nothing for the device to do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>[];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    appoint_worker: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppointmentRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `post_overlaps`: the worker holds the post already, `post` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_rules: {
        parameters: {
            query?: {
                /** @description A version; that in force when absent. */
                version?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save_rules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RulesRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rules_conflict`: others were put into force meanwhile */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rules_refused` lists everything that is wrong */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rehearse_rules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RehearsalRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RehearsalAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_rule_versions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RulesVersion"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_services: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceList"];
                };
            };
        };
    };
    load_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    report_staffing: {
        parameters: {
            query?: {
                /** @description Lists also the slots that one alone fills: who is on duty. */
                all?: boolean;
                /** @description The caller's own, or all, when absent. */
                area?: string;
                /** @description At this time; now when absent. */
                at?: string;
                /** @description Counts by areas of this level; of that right below the area when absent. */
                by?: "province" | "city" | "county" | "township" | "community" | "grid" | "microgrid";
                cursor?: string;
                /** @description Over this day instead, in the time zone of the calendar. */
                date?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffingAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_statistics: {
        parameters: {
            query?: {
                /** @description Incidents inside this area; the caller's own, or all, when absent. */
                area?: string;
                /** @description When ages and lateness are looked at; now when absent. */
                as_of?: string;
                /**
                 * @description By what the figures are told apart, besides the total; several are separated by
                 *     commas: `status`, `service`, `source`, `priority`, `area`, `level`, `hour`, `day`,
                 *     `week`, `month`.
                 * @example area,day
                 */
                by?: string;
                /** @description 30 days before `until` when absent; at most 400 days before it. */
                from?: string;
                /** @description Of which level areas are told apart; those right below the area when absent. */
                level?: "province" | "city" | "county" | "township" | "community" | "grid" | "microgrid";
                /** @description One priority or several, separated by commas. */
                priority?: string;
                /** @description One service or several, separated by commas. */
                service?: string;
                /** @description One source or several, separated by commas. */
                source?: string;
                /**
                 * @description Which of an incident's times falls into the window and its stretches; the report's
                 *     when absent.
                 */
                time?: "reported" | "closed";
                /** @description Not included; now when absent. */
                until?: string;
                /**
                 * @description By whose clocks days begin: an IANA name; the time zone of the calendar when absent.
                 * @example Asia/Shanghai
                 */
                zone?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statistics"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stream_events: {
        parameters: {
            query?: {
                /**
                 * @description One topic or several, separated by commas: `incidents`, `workers`, `positions`,
                 *     `organisations`, `editions`, `drafts`, `rules`, `alarms`. All when absent.
                 * @example incidents,positions
                 */
                topics?: string;
            };
            header?: {
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_webhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Webhook"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `mapping_refused` lists everything that is wrong with the mapping */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_deliveries: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                state?: "waiting" | "delivered" | "dead";
            };
            header?: never;
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Delivery"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ping_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PingAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replay_deliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replayed"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotate_webhook_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedSecret"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_workers: {
        parameters: {
            query?: {
                /** @description Posted inside this area. */
                area?: string;
                cursor?: string;
                limit?: number;
                on_duty?: boolean;
                /** @description Part of the name. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Worker"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_worker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_duties: {
        parameters: {
            query?: {
                /** @description The first date; today when absent. */
                from?: string;
                /** @description Not included, at most 92 days later; a week later when absent. */
                until?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DutyDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_duty: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Duty"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    call_for_help: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PanicRequest"];
            };
        };
        responses: {
            /** @description The call that is open already */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmDetail"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_track: {
        parameters: {
            query?: {
                /** @description A day before `until` when absent. */
                from?: string;
                /** @description Not included; now when absent. At most 7 days after `from`. */
                until?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, unknown>;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_visits: {
        parameters: {
            query?: {
                /** @description A day before `until` when absent. */
                from?: string;
                /** @description Not included; now when absent. At most 7 days after `from`. */
                until?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerVisits"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watch_over: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WatchRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WatchDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_watch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    find_nearest_workers: {
        parameters: {
            query: {
                /** @description Only those posted inside this area. */
                area?: string;
                /** @description Only those who could take one more task. */
                has_capacity?: boolean;
                /** @description How many; 5 when absent. */
                k?: number;
                /** @example 33.6101 */
                lat: number;
                /** @example 119.0211 */
                lon: number;
                /** @description Only those seen at most so long ago. */
                max_age_s?: number;
                /** @description None farther than this. */
                max_m?: number;
                role?: "full_time" | "part_time" | "micro" | "cadre" | "volunteer" | "officer" | "mediator";
                /** @description Only those who have this skill. */
                skill?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Worker"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_workloads: {
        parameters: {
            query?: {
                /** @description Work on incidents inside this area; the caller's own, or all, when absent. */
                area?: string;
                cursor?: string;
                limit?: number;
                /** @description Tasks offered at this time or later; 30 days before `until` when absent. */
                since?: string;
                /** @description Not included; now when absent. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadsAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    check_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    load_layer: {
        parameters: {
            query?: {
                /** @description Area layers: as they were, or will be, at this time; now when absent. */
                at?: string;
                /**
                 * @description West, south, east, north in degrees: only what meets this box.
                 * @example 119.0,33.5,119.1,33.6
                 */
                bbox?: string;
                /** @description Areas: points where names are written, instead of polygons. */
                labels?: boolean;
                /**
                 * @description The layer `areas`: one level or several, separated by commas; all when absent. The
                 *     layer `heat`: counted by the areas of this level instead of H3 cells.
                 * @example township
                 */
                level?: string;
                /** @description The layer `heat`: how fine its cells are, by H3's resolutions; 8 when absent. */
                resolution?: number;
                /** @description The layer `incidents`: one status or several, separated by commas. */
                status?: string;
                /**
                 * @description Areas: with borders as simple as a map of this zoom needs them, those of neighbours
                 *     alike; what is smaller than a pixel is left out. With every vertex when absent, and
                 *     beyond 16.
                 * @example 10
                 */
                zoom?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The layer's name with `.geojson`
                 * @example counties.geojson
                 */
                layer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Of area layers: the same as long as the edition is */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, unknown>;
                };
            };
            /** @description Not changed since the ETag that was sent */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    write_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    load_landing_page: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LandingPage"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_api_document: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.oai.openapi+json;version=3.0": Record<string, unknown>;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_collections: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collections"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_collection: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @example grids */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_items: {
        parameters: {
            query?: {
                /**
                 * @description Features that have a point in common with this box: the lower corner, then the upper, in the order of the axes; with heights, which do not count, six numbers
                 * @example 119.0,33.5,119.1,33.6
                 */
                bbox?: string;
                /** @description What `bbox` is in; CRS84 when absent */
                "bbox-crs"?: string;
                /** @description What coordinates are answered in, of those that the collection names; CRS84 when absent */
                crs?: string;
                /** @description Out of the link `next` of the page before */
                cursor?: string;
                /**
                 * @description A moment, a day (of China Standard Time), or an interval: areas of an edition in force then, incidents reported then, workers seen then
                 * @example 2026-01-01T00:00:00Z/..
                 */
                datetime?: string;
                /** @description JSON is all there is. */
                f?: "json";
                /**
                 * @description A condition in CQL2
                 * @example code LIKE '3208%' AND area_m2 > 1000000
                 */
                filter?: string;
                /** @description What geometries in `filter` are in; CRS84 when absent */
                "filter-crs"?: string;
                /** @description `cql2-text` (when absent) or `cql2-json` */
                "filter-lang"?: string;
                /** @description How many features a page has; 100 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                /** @example grids */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description What coordinates are in */
                    "Content-Crs"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, unknown>;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_item: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: {
                /**
                 * @description What the coordinates of the body are in, and in which order; CRS84 when absent
                 * @example <http://www.opengis.net/def/crs/EPSG/0/4490>
                 */
                "Content-Crs"?: string | null;
            };
            path: {
                /** @example grids */
                collection: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": Record<string, unknown>;
                "application/json": Record<string, unknown>;
            };
        };
        responses: {
            201: {
                headers: {
                    /** @description Its state */
                    ETag?: string;
                    /** @description The area in the draft */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, unknown>;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_items_methods: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example grids */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The methods that this address takes */
            204: {
                headers: {
                    /** @description Methods */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_item: {
        parameters: {
            query?: {
                /** @description What coordinates are answered in, of those that the collection names; CRS84 when absent */
                crs?: string;
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @example counties */
                collection: string;
                /** @example 320812 */
                feature: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description What coordinates are in */
                    "Content-Crs"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, unknown>;
                };
            };
            /** @description Not changed since the ETag that was sent */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replace_item: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: {
                /**
                 * @description What the coordinates of the body are in, and in which order; CRS84 when absent
                 * @example <http://www.opengis.net/def/crs/EPSG/0/4490>
                 */
                "Content-Crs"?: string | null;
                /**
                 * @description The ETag of what is overwritten, of the draft or, if the draft has not changed it, of the edition; `*` for whatever is there
                 * @example *
                 */
                "If-Match"?: string | null;
            };
            path: {
                /** @example counties */
                collection: string;
                /** @example 320812 */
                feature: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": Record<string, unknown>;
                "application/json": Record<string, unknown>;
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description The area in the draft */
                    "Content-Location"?: string;
                    /** @description Its state */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, unknown>;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_item: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: {
                /**
                 * @description The ETag of what is taken out, of the draft or, if the draft has not changed it, of the edition; `*` for whatever is there
                 * @example *
                 */
                "If-Match"?: string | null;
            };
            path: {
                /** @example counties */
                collection: string;
                /** @example 320812 */
                feature: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The draft has it no more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_item_methods: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example counties */
                collection: string;
                /** @example 320812 */
                feature: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The methods that this address takes */
            204: {
                headers: {
                    /** @description Methods */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    update_item: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: {
                /**
                 * @description What the coordinates of the body are in, and in which order; CRS84 when absent
                 * @example <http://www.opengis.net/def/crs/EPSG/0/4490>
                 */
                "Content-Crs"?: string | null;
                /**
                 * @description The ETag of what is overwritten, of the draft or, if the draft has not changed it, of the edition; `*` for whatever is there
                 * @example *
                 */
                "If-Match"?: string | null;
            };
            path: {
                /** @example counties */
                collection: string;
                /** @example 320812 */
                feature: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": Record<string, unknown>;
                "application/json": Record<string, unknown>;
                "application/merge-patch+json": Record<string, unknown>;
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description The area in the draft */
                    "Content-Location"?: string;
                    /** @description Its state */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, unknown>;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_queryables: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @example grids */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": Record<string, unknown>;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_tile_sets: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @example grids */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TileSets"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_tile_set: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @example grids */
                collection: string;
                /** @example WebMercatorQuad */
                tileMatrixSet: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TileSet"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_collection_tile: {
        parameters: {
            query?: {
                /**
                 * @description The edition the tile is of, as the set's links say it, or its number: the answer never
                 *     changes then. The one in force when absent.
                 */
                edition?: string;
                /** @description Mapbox Vector Tiles are all there is. */
                f?: "mvt";
            };
            header?: never;
            path: {
                /** @example grids */
                collection: string;
                /** @example 3402 */
                tileCol: number;
                /** @example 12 */
                tileMatrix: number;
                /** @example WebMercatorQuad */
                tileMatrixSet: string;
                /** @example 1641 */
                tileRow: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.mapbox-vector-tile": number[];
                };
            };
            /** @description Nothing is there */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not changed since the ETag that was sent */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_conformance: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conformance"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_tile_matrix_sets: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TileMatrixSets"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_tile_matrix_set: {
        parameters: {
            query?: {
                /** @description JSON is all there is. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @example WebMercatorQuad */
                tileMatrixSet: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TileMatrixSet"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discover: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Discovery"];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    discover_xml: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": components["schemas"]["Discovery"];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    list_requests: {
        parameters: {
            query?: {
                api_key?: string;
                /** @description Requested at this time or earlier. */
                end_date?: string;
                /** @description Beside the standard: `true` adds `extended_attributes`. */
                extensions?: boolean;
                jurisdiction_id?: string;
                /** @description Beside the standard: from 1 on. The header `Link` leads to the next. */
                page?: number;
                /** @description Beside the standard: 1 to 1000. */
                page_size?: number;
                /** @description Beside the standard: part of the number, the description or the address. Needs a key. */
                q?: string;
                /** @description One code or several, separated by commas. */
                service_code?: string;
                /** @description One number or several, separated by commas. Overrides all other arguments. */
                service_request_id?: string;
                /** @description Requested at this time or later, such as `2010-01-01T00:00:00Z`; at most 90 days before `end_date`. */
                start_date?: string;
                /** @description `open`, `closed`, or both, separated by a comma. */
                status?: string;
                /** @description Beside the standard: changed last at this time or later. */
                updated_after?: string;
                /** @description Beside the standard: changed last at this time or earlier. */
                updated_before?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceRequest"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    file_request: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["RequestForm"];
            };
        };
        responses: {
            200: {
                headers: {
                    "Wangge-Tracking-Key"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedRequest"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    list_requests_xml: {
        parameters: {
            query?: {
                api_key?: string;
                /** @description Requested at this time or earlier. */
                end_date?: string;
                /** @description Beside the standard: `true` adds `extended_attributes`. */
                extensions?: boolean;
                jurisdiction_id?: string;
                /** @description Beside the standard: from 1 on. The header `Link` leads to the next. */
                page?: number;
                /** @description Beside the standard: 1 to 1000. */
                page_size?: number;
                /** @description Beside the standard: part of the number, the description or the address. Needs a key. */
                q?: string;
                /** @description One code or several, separated by commas. */
                service_code?: string;
                /** @description One number or several, separated by commas. Overrides all other arguments. */
                service_request_id?: string;
                /** @description Requested at this time or later, such as `2010-01-01T00:00:00Z`; at most 90 days before `end_date`. */
                start_date?: string;
                /** @description `open`, `closed`, or both, separated by a comma. */
                status?: string;
                /** @description Beside the standard: changed last at this time or later. */
                updated_after?: string;
                /** @description Beside the standard: changed last at this time or earlier. */
                updated_before?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": components["schemas"]["ServiceRequest"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    file_request_xml: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["RequestForm"];
            };
        };
        responses: {
            200: {
                headers: {
                    "Wangge-Tracking-Key"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": components["schemas"]["AcceptedRequest"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    load_request: {
        parameters: {
            query?: {
                api_key?: string;
                extensions?: boolean;
                jurisdiction_id?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The number with `.json` or `.xml`
                 * @example 20261122000123.json
                 */
                service_request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceRequest"][];
                    "text/xml": components["schemas"]["ServiceRequest"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    list_request_updates: {
        parameters: {
            query?: {
                api_key?: string;
                jurisdiction_id?: string;
            };
            header?: never;
            path: {
                /** @example 20261122000123 */
                service_request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestUpdate"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    list_request_updates_xml: {
        parameters: {
            query?: {
                api_key?: string;
                jurisdiction_id?: string;
            };
            header?: never;
            path: {
                /** @example 20261122000123 */
                service_request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": components["schemas"]["RequestUpdate"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    list_updates: {
        parameters: {
            query?: {
                api_key?: string;
                /** @description Latest time */
                end_date?: string;
                jurisdiction_id?: string;
                /** @description From 1 on. The header `Link` leads to the next. */
                page?: number;
                /** @description Requests to a page, 1 to 1000 */
                page_size?: number;
                /** @description Earliest time, such as `2010-01-01T00:00:00Z` */
                start_date?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestUpdate"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    list_updates_xml: {
        parameters: {
            query?: {
                api_key?: string;
                /** @description Latest time */
                end_date?: string;
                jurisdiction_id?: string;
                /** @description From 1 on. The header `Link` leads to the next. */
                page?: number;
                /** @description Requests to a page, 1 to 1000 */
                page_size?: number;
                /** @description Earliest time, such as `2010-01-01T00:00:00Z` */
                start_date?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": components["schemas"]["RequestUpdate"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    list_request_services: {
        parameters: {
            query?: {
                jurisdiction_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceListing"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    list_request_services_xml: {
        parameters: {
            query?: {
                jurisdiction_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": components["schemas"]["ServiceListing"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    define_request_service: {
        parameters: {
            query?: {
                jurisdiction_id?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The code with `.json` or `.xml`
                 * @example city-exposed-garbage.json
                 */
                service_code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceDefinition"];
                    "text/xml": components["schemas"]["ServiceDefinition"];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    resolve_token: {
        parameters: {
            query?: {
                api_key?: string;
                jurisdiction_id?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The token with `.json` or `.xml`
                 * @example 20261122000123.json
                 */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResolvedToken"][];
                    "text/xml": components["schemas"]["ResolvedToken"][];
                };
            };
            /** @description Cannot be fulfilled as it is */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description The key is wrong, or not enough for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
            /** @description There is none, or no such jurisdiction */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                    "text/xml": {
                        /**
                         * Format: int32
                         * @description The HTTP status.
                         */
                        code: number;
                        description: string;
                    }[];
                };
            };
        };
    };
    check_readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    describe_tiles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The layer's name with `.json`
                 * @example grids.json
                 */
                layer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TileJson"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    load_tile: {
        parameters: {
            query?: {
                /**
                 * @description The edition the tile is of, as the layer's TileJSON says it, or its number: the
                 *     answer never changes then. The one in force when absent.
                 * @example 3-1767225600000-1
                 */
                edition?: string;
            };
            header?: never;
            path: {
                /** @example grids */
                layer: string;
                /** @example 3402 */
                x: number;
                /**
                 * @description The row with `.mvt`
                 * @example 1641.mvt
                 */
                y: string;
                /** @example 12 */
                z: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.mapbox-vector-tile": number[];
                };
            };
            /** @description Nothing is there */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not changed since the ETag that was sent */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
