//! How words, codes and identities of the domain are read from columns. (They are
//! written as plain text, as JSON, or by the UUID inside.)

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgTypeInfo, PgValueRef};
use sqlx::{Decode, Postgres, Type};
use uuid::Uuid;

use crate::domain::draft::DraftState;
use crate::domain::media::{MediaKind, MediaStage};
use crate::domain::organisation::OrganisationKind;
use crate::domain::presence::AlarmKind;
use crate::domain::webhook::{DeliveryState, Hearing, WebhookState};
use crate::domain::workflow::Action;
use crate::domain::{
    AreaCode, AreaId, DraftId, GridKind, IncidentId, IncidentNumber, Level, Match, MediaId,
    OrganisationId, Outcome, Phone, PostId, Priority, Role, ServiceCode, Slot, Source, Status,
    Topic, WorkerId, WorkerRole,
};

/// Types that are read from a column of another type.
macro_rules! read_as {
    ($stored:ty, |$value:ident| $read:expr; $($name:ty),+ $(,)?) => {$(
        impl Type<Postgres> for $name {
            fn type_info() -> PgTypeInfo {
                <$stored as Type<Postgres>>::type_info()
            }

            fn compatible(ty: &PgTypeInfo) -> bool {
                <$stored as Type<Postgres>>::compatible(ty)
            }
        }

        impl<'r> Decode<'r, Postgres> for $name {
            fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
                let $value = <$stored as Decode<Postgres>>::decode(value)?;
                $read
            }
        }
    )+};
}

read_as! {
    &str, |text| Ok(text.parse()?);
    Action, AlarmKind, AreaCode, DeliveryState, DraftState, GridKind, Hearing, Level, Match, MediaKind, MediaStage, OrganisationKind, Outcome, Priority, Role, Slot, Source, Status, Topic, WebhookState, WorkerRole,
}

read_as! {
    &str, |text| Ok(Self::parse(text)?);
    Phone,
}

read_as! {
    String, |text| Ok(Self(text));
    IncidentNumber, ServiceCode,
}

read_as! {
    Uuid, |id| Ok(Self(id));
    AreaId, DraftId, IncidentId, MediaId, OrganisationId, PostId, WorkerId,
}
