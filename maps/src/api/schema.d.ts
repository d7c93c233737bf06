// Generated from docs/openapi.json by `npm run generate`. Do not edit.

export interface paths {
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
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Incidents, the newest first. */
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
         * Whose ground many points are. CSV (with a header row that names longitude and
         *     latitude), NDJSON (an object with `lon` and `lat` a line) or a JSON object in; the
         *     same kind out, in order: CSV and NDJSON keep what they came with and gain `match`,
         *     `code` and `name`.
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
         * Takes in live positions. What cannot be believed is set aside and named; the rest is
         *     taken.
         */
        post: operations["record_positions"];
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
         * A layer as a GeoJSON feature collection: `provinces`, `cities`, `counties`,
         *     `townships`, `communities`, `grids` and `microgrids` are public; `incidents` (open
         *     ones), `heat` (the same counted by H3 cells) and `workers` need credentials and show
         *     what the caller may see.
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        Action: "report" | "file" | "self_handle" | "mark_duplicate" | "reject" | "dispatch" | "recall" | "assist" | "release" | "sign" | "return" | "rule_return" | "feed_back" | "request_extension" | "rule_extension" | "defer" | "resume" | "escalate" | "hand_down" | "pass" | "rework" | "evaluate" | "reopen";
        /** @description An action with what it needs, and the version it was decided on. */
        ActionRequest: components["schemas"]["Command"] & {
            /**
             * Format: int64
             * @description `version` of the incident as the caller saw it.
             */
            version: number;
        };
        /**
         * @description The code of an area: 1 to 32 ASCII letters, digits, `-` or `_`. What its length
         *     means is up to a [`CodeScheme`].
         * @example 320812001001001
         */
        AreaCode: string;
        /** @description An area with its ground and its people. */
        AreaDetail: components["schemas"]["AreaSummary"] & {
            /** @description From the top down to the area itself. */
            chain: components["schemas"]["AreaRef"][];
            /** @description A GeoJSON `Polygon` or `MultiPolygon`; null when the ground is not known. */
            geometry?: Record<string, unknown> | null;
            vacancies: components["schemas"]["Slot"][];
            workers: components["schemas"]["PostedWorker"][];
        };
        /** @description An area by name, as it stands in a chain. */
        AreaRef: {
            code: components["schemas"]["AreaCode"];
            level: components["schemas"]["Level"];
            name: string;
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
        Candidate: {
            /** Format: double */
            distance_m: number;
            parts: components["schemas"]["ScorePart"][];
            /**
             * Format: double
             * @description The weighted mean of the parts, 0 to 1.
             */
            score: number;
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
            action: "recall";
            reason?: string | null;
        } | {
            /** @enum {string} */
            action: "assist";
            assignee: components["schemas"]["Assignee"];
            note?: string | null;
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
        };
        /** @description How often an incident went astray; each is visible and counted in appraisal. */
        Counts: {
            /** Format: int32 */
            escalations: number;
            /** Format: int32 */
            reopens: number;
            /** Format: int32 */
            returns: number;
            /** Format: int32 */
            reworks: number;
        };
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
        Duty: {
            on_duty: boolean;
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
            detail: Record<string, unknown>;
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
        /** @enum {string} */
        FieldKind: "text" | "number" | "single" | "multiple" | "datetime" | "boolean";
        /** @description A choice of a form field. */
        FieldOption: {
            label_en: string;
            label_zh: string;
            value: string;
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
        /** @enum {string} */
        GridKind: "general" | "special";
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
        /** @enum {string} */
        LeadKind: "worker" | "department";
        LeftOut: {
            /** Format: double */
            distance_m?: number | null;
            reasons: components["schemas"]["LeftOutReason"][];
            worker: components["schemas"]["Worker"];
        };
        /** @enum {string} */
        LeftOutReason: "off_duty" | "no_position" | "stale_position" | "missing_skill" | "full_load" | "out_of_radius";
        /** @enum {string} */
        Level: "province" | "city" | "county" | "township" | "community" | "grid" | "microgrid";
        /** @description How many areas a level has. */
        LevelCount: {
            count: number;
            level: components["schemas"]["Level"];
        };
        /** @description Time limits in natural minutes, counted from dispatch. */
        Limits: {
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
        /** @enum {string} */
        Match: "grid" | "gap" | "outside";
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
        /** @description An action and the names of its fields. */
        OfferedAction: {
            action: components["schemas"]["Action"];
            needs: string[];
            optional: string[];
        };
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
        /** @enum {string} */
        Outcome: "resolved" | "self_handled" | "duplicate" | "rejected";
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
        Page_Event: {
            items: {
                action: components["schemas"]["Action"];
                actor: components["schemas"]["EventActor"];
                /** Format: date-time */
                at: string;
                /** @description What else the action carried. */
                detail: Record<string, unknown>;
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
        /** @enum {string} */
        Part: "post" | "distance" | "load" | "skill" | "freshness";
        /** @enum {string} */
        PartReason: "posted_to_grid" | "posted_to_community" | "posted_to_township" | "posted_elsewhere" | "straight_line" | "open_tasks" | "has_skills" | "no_skill_asked" | "fix_age";
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
        /** @description One position or many. */
        PositionReports: {
            positions: components["schemas"]["PositionReport"][];
        } | components["schemas"]["PositionReport"];
        PositionsAnswer: {
            accepted: number;
            set_aside: components["schemas"]["SetAsidePosition"][];
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
        /** @enum {string} */
        RequestKind: "return" | "extension";
        /** @enum {string} */
        Role: "resident" | "worker" | "dispatcher" | "gis" | "department" | "leader" | "auditor" | "administrator" | "system";
        /** @description Where an incident of a service goes by default. */
        Routing: {
            department?: string | null;
            lead: components["schemas"]["LeadKind"];
            /** @description What the lead must know. */
            skills?: string[];
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
        /** @description An entry of the catalogue (事项). */
        Service: {
            code: components["schemas"]["ServiceCode"];
            description_en: string;
            description_zh: string;
            fields?: components["schemas"]["FormField"][];
            group: string;
            limits: components["schemas"]["Limits"];
            name_en: string;
            name_zh: string;
            priority: components["schemas"]["Priority"];
            routing: components["schemas"]["Routing"];
            /** @description True when a grid worker may finish it on the spot (自办). */
            self_handle: boolean;
        };
        /** @description The code of an entry in the service catalogue. */
        ServiceCode: string;
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
        SetAside: "future" | "null_island" | "too_old" | "late" | "unknown_worker";
        /** @description A position that was not taken, by its place in the request from 0. */
        SetAsidePosition: {
            index: number;
            reason: components["schemas"]["SetAside"];
        };
        /** @enum {string} */
        Slot: "cadre" | "grid_worker" | "volunteer";
        /** @enum {string} */
        Source: "resident" | "worker" | "hotline" | "sensor" | "department" | "dispatcher";
        /** @enum {string} */
        Status: "reported" | "filed" | "dispatched" | "handling" | "verifying" | "closed" | "evaluated";
        Task: {
            assignee: components["schemas"]["NamedAssignee"];
            /** Format: date-time */
            fed_back_at?: string | null;
            id: components["schemas"]["TaskId"];
            note?: string | null;
            /** Format: date-time */
            offered_at: string;
            role: components["schemas"]["TaskRole"];
            /** Format: date-time */
            signed_at?: string | null;
            status: components["schemas"]["TaskStatus"];
        };
        /** Format: uuid */
        TaskId: string;
        /** @enum {string} */
        TaskRole: "lead" | "assist";
        /** @enum {string} */
        TaskStatus: "offered" | "signed" | "fed_back" | "returned" | "recalled" | "ended";
        /**
         * @description What anyone may follow by an incident's number: where it stands, and nothing that
         *     leads to a person's door.
         */
        TrackedIncident: {
            area?: components["schemas"]["AreaRef"] | null;
            /** Format: date-time */
            closed_at?: string | null;
            number: components["schemas"]["IncidentNumber"];
            outcome?: components["schemas"]["Outcome"] | null;
            /** Format: date-time */
            reported_at: string;
            service_name: components["schemas"]["Bilingual"];
            status: components["schemas"]["Status"];
            /** Format: date-time */
            updated_at: string;
        };
        /** @description An incident, as much of it as the caller may see. */
        VisibleIncident: components["schemas"]["Incident"] | components["schemas"]["TrackedIncident"];
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
        /** @enum {string} */
        WorkerRole: "full_time" | "part_time" | "micro" | "cadre" | "volunteer" | "officer" | "mediator";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_areas: {
        parameters: {
            query?: {
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
        };
    };
    load_area: {
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
                    "application/json": components["schemas"]["AreaDetail"];
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
                    "application/json": components["schemas"]["Page_AreaSummary"];
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
                    "application/json": components["schemas"]["Page_AreaSummary"];
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
                bbox?: string;
                cursor?: string;
                limit?: number;
                /** @description Only those that are neither closed nor evaluated. */
                open?: boolean;
                /** @description Part of the number, the description or the address. */
                q?: string;
                service?: string;
                /** @description Reported at this time or later. */
                since?: string;
                /**
                 * @description One status or several, separated by commas.
                 * @example reported,filed
                 */
                status?: string;
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
            401: {
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
            401: {
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
            401: {
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
            401: {
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
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Points"];
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
    stream_events: {
        parameters: {
            query?: {
                /**
                 * @description One topic or several, separated by commas: `incidents`, `workers`, `positions`,
                 *     `organisations`, `editions`. All when absent.
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
            401: {
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
            401: {
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
                /** @description How many; 5 when absent. */
                k?: number;
                /** @example 33.6101 */
                lat: number;
                /** @example 119.0211 */
                lon: number;
                /** @description None farther than this. */
                max_m?: number;
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
                /**
                 * @description West, south, east, north in degrees: only what meets this box.
                 * @example 119.0,33.5,119.1,33.6
                 */
                bbox?: string;
                /** @description Area layers: points where names are written, instead of polygons. */
                labels?: boolean;
                /** @description The layer `heat`: how fine its cells are, by H3's resolutions; 8 when absent. */
                resolution?: number;
                /** @description The layer `incidents`: one status or several, separated by commas. */
                status?: string;
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
}
