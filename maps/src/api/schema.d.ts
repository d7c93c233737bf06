// Generated from the OpenAPI document by `npm run generate`. Do not edit.

export interface paths {
    "/api/v1/areas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
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
        get: operations["show_area"];
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
        get: operations["list_incidents"];
        put?: never;
        post: operations["report_incident"];
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
        get: operations["show_incident"];
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
        get: operations["rank_candidates"];
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
        get: operations["list_incident_events"];
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
        get: operations["look_up"];
        put?: never;
        post?: never;
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
        get: operations["show_map_config"];
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
        get: operations["list_organisations"];
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
        get: operations["show_session"];
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
        get: operations["show_worker"];
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
        Actor: {
            area: string | null;
            name: string;
            organisation: string | null;
            role: string;
        };
        AllowedAction: {
            action: string;
            needs: string[];
            optional?: string[];
        };
        AreaDetail: components["schemas"]["AreaSummary"] & {
            chain: components["schemas"]["AreaRef"][];
            geometry: {
                [key: string]: unknown;
            } | null;
            vacancies: components["schemas"]["Slot"][];
            workers: components["schemas"]["PostedWorker"][];
        };
        /** @enum {string} */
        AreaKind: "general" | "special";
        AreaRef: {
            code: string;
            level: components["schemas"]["Level"];
            name: string;
        };
        AreaSummary: {
            area_m2: number | null;
            bbox: number[] | null;
            children: number;
            code: string;
            generated: boolean;
            kind: null | components["schemas"]["AreaKind"];
            label: null | components["schemas"]["LngLat"];
            level: components["schemas"]["Level"];
            name: string;
            parent: string | null;
        };
        Assignee: {
            id: string;
            /** @enum {string} */
            kind: "worker" | "organisation";
            name?: string;
        };
        Basemap: {
            /** @enum {string} */
            kind: "none";
        } | {
            attribution?: string;
            /** @enum {string} */
            kind: "raster";
            max_zoom?: number;
            tiles: string[];
        } | {
            /** @enum {string} */
            kind: "vector";
            style_url: string;
        } | {
            attribution?: string;
            /** @enum {string} */
            kind: "pmtiles";
            url: string;
        } | {
            attribution?: string;
            /** @enum {string} */
            kind: "tianditu";
            tiles: string[];
        };
        Candidate: {
            distance_m: number | null;
            parts: components["schemas"]["ScorePart"][];
            score: number;
            worker: components["schemas"]["Worker"];
        };
        Candidates: {
            candidates: components["schemas"]["Candidate"][];
            left_out: components["schemas"]["LeftOut"][];
            left_out_total: number;
            organisations: components["schemas"]["Organisation"][];
            radius_m: number;
        };
        Catalogue: {
            groups: components["schemas"]["ServiceGroup"][];
            items: components["schemas"]["Service"][];
        };
        Deadlines: {
            resolve_by: string | null;
            sign_by: string | null;
            state: components["schemas"]["DeadlineState"];
        };
        /** @enum {string} */
        DeadlineState: "none" | "on_time" | "warning" | "late";
        EditionRef: {
            effective_from: string;
            id: number;
            number: number;
        };
        FormField: {
            key: string;
            /** @enum {string} */
            kind: "text" | "number" | "single" | "multiple" | "datetime" | "boolean";
            label_en: string;
            label_zh: string;
            options?: components["schemas"]["FormOption"][];
            required: boolean;
        };
        FormOption: {
            label_en: string;
            label_zh: string;
            value: string;
        };
        Incident: {
            actions: components["schemas"]["AllowedAction"][];
            address: string | null;
            area: null | components["schemas"]["AreaRef"];
            chain: components["schemas"]["AreaRef"][];
            closed_at: string | null;
            counts: {
                escalations: number;
                reopens: number;
                returns: number;
                reworks: number;
            };
            deadlines: components["schemas"]["Deadlines"];
            deferred_until: string | null;
            description: string;
            duplicate_of: string | null;
            evaluation: null | {
                comment: string | null;
                resolved: boolean;
                responded: boolean;
                satisfied: number;
            };
            form: {
                [key: string]: unknown;
            };
            holder: null | components["schemas"]["Organisation"];
            id: string;
            lat: number;
            lead: null | components["schemas"]["Task"];
            lon: number;
            /** @enum {string} */
            match: "grid" | "gap" | "outside";
            number: string;
            /** @enum {string|null} */
            outcome: "resolved" | "self_handled" | "duplicate" | "rejected" | null;
            pending: null | {
                /** @enum {string} */
                kind: "return" | "extension";
                reason: string;
                task: string;
                until: string | null;
            };
            priority: components["schemas"]["Priority"];
            reported_at: string;
            reporter: null | {
                name: string | null;
                phone: string | null;
            };
            service: string;
            service_name: {
                en: string;
                zh: string;
            };
            source: components["schemas"]["Source"];
            status: components["schemas"]["Status"];
            tasks: components["schemas"]["Task"][];
            title: string;
            updated_at: string;
            version: number;
        };
        IncidentAction: {
            action: string;
            version: number;
        } & {
            [key: string]: unknown;
        };
        IncidentEvent: {
            action: string;
            actor: {
                name: string;
                role: string;
            };
            at: string;
            detail: {
                [key: string]: unknown;
            };
            from: null | components["schemas"]["Status"];
            note: string | null;
            seq: number;
            to: components["schemas"]["Status"];
        };
        LeftOut: {
            distance_m: number | null;
            reasons: string[];
            worker: {
                id: string;
                name: string;
                role: components["schemas"]["WorkerRole"];
            };
        };
        /** @enum {string} */
        Level: "province" | "city" | "county" | "township" | "community" | "grid" | "microgrid";
        LngLat: {
            lat: number;
            lon: number;
        };
        Lookup: {
            area: null | components["schemas"]["AreaSummary"];
            boundary_distance_m: number | null;
            chain: components["schemas"]["AreaRef"][];
            edition: number;
            /** @enum {string} */
            match: "grid" | "gap" | "outside";
            neighbours: components["schemas"]["Neighbour"][];
            vacancies: components["schemas"]["Slot"][];
            workers: components["schemas"]["PostedWorker"][];
        };
        MapConfig: {
            basemap: components["schemas"]["Basemap"];
            bounds: number[];
            centre: components["schemas"]["LngLat"];
            edition: null | components["schemas"]["EditionRef"];
            levels: {
                count: number;
                level: components["schemas"]["Level"];
            }[];
            notice: string | null;
            title: string;
        };
        NearWorker: components["schemas"]["Worker"] & {
            distance_m: number;
        };
        Neighbour: {
            code: string;
            distance_m: number;
            level: components["schemas"]["Level"];
            name: string;
        };
        NewIncident: {
            address?: string;
            crs?: string;
            description: string;
            form?: {
                [key: string]: unknown;
            };
            lat: number;
            lon: number;
            priority?: components["schemas"]["Priority"];
            reporter?: {
                name: string;
                phone: string;
            };
            service: string;
            source?: components["schemas"]["Source"];
        };
        Organisation: {
            area: string;
            department?: string | null;
            id: string;
            /** @enum {string} */
            kind: "centre" | "department" | "social" | "mediation";
            level: components["schemas"]["Level"];
            name: string;
        };
        OrganisationRef: {
            id: string;
            name: string;
        };
        Position: {
            accuracy_m: number | null;
            at: string;
            heading_deg?: number | null;
            lat: number;
            lon: number;
            speed_mps?: number | null;
        };
        PostedWorker: {
            area: string;
            id: string;
            name: string;
            on_duty: boolean;
            phone?: string | null;
            role: components["schemas"]["WorkerRole"];
            slot: null | components["schemas"]["Slot"];
        };
        /** @enum {string} */
        Priority: "urgent" | "high" | "normal" | "low";
        Problem: {
            allowed?: string[];
            code: string;
            current?: components["schemas"]["Incident"];
            detail?: string;
            instance?: string;
            status: number;
            title: string;
            type?: string;
        };
        ScorePart: {
            /** @enum {string} */
            part: "post" | "distance" | "load" | "skill" | "freshness";
            reason: string;
            value: number;
            weight: number;
        };
        Service: {
            code: string;
            description_en: string;
            description_zh: string;
            fields: components["schemas"]["FormField"][];
            group: string;
            limits: {
                resolve_minutes: number;
                sign_minutes: number;
            };
            name_en: string;
            name_zh: string;
            priority: components["schemas"]["Priority"];
            routing: {
                department: string | null;
                lead: string;
                skills: string[];
            };
            self_handle: boolean;
        };
        ServiceGroup: {
            code: string;
            name_en: string;
            name_zh: string;
        };
        Session: {
            actor: components["schemas"]["Actor"];
            open: boolean;
        };
        /** @enum {string} */
        Slot: "cadre" | "grid_worker" | "volunteer";
        /** @enum {string} */
        Source: "resident" | "worker" | "hotline" | "sensor" | "department" | "dispatcher";
        /** @enum {string} */
        Status: "reported" | "filed" | "dispatched" | "handling" | "verifying" | "closed" | "evaluated";
        Task: {
            assignee: components["schemas"]["Assignee"];
            fed_back_at: string | null;
            id: string;
            note: string | null;
            offered_at: string;
            /** @enum {string} */
            role: "lead" | "assist";
            signed_at: string | null;
            /** @enum {string} */
            status: "offered" | "signed" | "fed_back" | "returned" | "recalled" | "ended";
        };
        Worker: {
            capacity: number;
            id: string;
            load: number;
            name: string;
            on_duty: boolean;
            organisation: null | components["schemas"]["OrganisationRef"];
            phone: string | null;
            position: null | components["schemas"]["Position"];
            position_age_s: number | null;
            posts: {
                area: string;
                area_name: string;
                slot: null | components["schemas"]["Slot"];
            }[];
            role: components["schemas"]["WorkerRole"];
            skills: string[];
        };
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
                bbox?: string;
                cursor?: string;
                level?: components["schemas"]["Level"];
                limit?: number;
                parent?: string;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AreaSummary"][];
                        next: string | null;
                    };
                };
            };
            /** @description problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_area: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AreaDetail"];
                };
            };
            /** @description problem */
            default: {
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
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AreaSummary"][];
                    };
                };
            };
            /** @description problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_incidents: {
        parameters: {
            query?: {
                area?: string;
                bbox?: string;
                cursor?: string;
                limit?: number;
                open?: boolean;
                q?: string;
                service?: string;
                since?: string;
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Incident"][];
                        next: string | null;
                    };
                };
            };
            /** @description problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    report_incident: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewIncident"];
            };
        };
        responses: {
            /** @description ok */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_incident: {
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
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description problem */
            default: {
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
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IncidentAction"];
            };
        };
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rank_candidates: {
        parameters: {
            query?: {
                k?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Candidates"];
                };
            };
            /** @description problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_incident_events: {
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
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["IncidentEvent"][];
                    };
                };
            };
            /** @description problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    look_up: {
        parameters: {
            query: {
                accuracy_m?: number;
                crs?: string;
                lat: number;
                lon: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lookup"];
                };
            };
            /** @description problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_map_config: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MapConfig"];
                };
            };
            /** @description problem */
            default: {
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
                area?: string;
                cursor?: string;
                kind?: string;
                limit?: number;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Organisation"][];
                        next: string | null;
                    };
                };
            };
            /** @description problem */
            default: {
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
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Catalogue"];
                };
            };
            /** @description problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_worker: {
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
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            /** @description problem */
            default: {
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
