//! How moments are kept in columns.
//!
//! Diesel's own `Timestamp` will not do: on MySQL its values are sent as `TIMESTAMP`, which ends in
//! January 2038 and turns what is later into NULL.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{self, HasSqlType, SqlType};
use diesel::sqlite::Sqlite;
use domain::time::Timestamp;

use super::connection::{MultiBackend, MultiRawValue};

/// A date and time of day without a zone: `TEXT`, `DATETIME(6)` and `TIMESTAMP`.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(sqlite_type(name = "Text"))]
#[cfg_attr(feature = "mysql", diesel(mysql_type(name = "DateTime")))]
#[cfg_attr(feature = "postgres", diesel(postgres_type(oid = 1114, array_oid = 1115)))]
pub struct UtcTime;

impl HasSqlType<UtcTime> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<UtcTime>(lookup)
    }
}

/// The first and last moment that every engine keeps, in microseconds since 1970: from 1000-01-01
/// to the last microsecond of 9999. MySQL's `DATETIME` is the narrowest.
const KEPT: std::ops::RangeInclusive<i64> = -30_610_224_000_000_000..=253_402_300_799_999_999;

/// A moment in a column, in UTC and to the microsecond. What lies beyond [`KEPT`] is kept as its
/// nearest end: "never" stays later than everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = UtcTime)]
pub(crate) struct Moment(Timestamp);

impl Moment {
    fn naive(self) -> NaiveDateTime {
        self.0.datetime().naive_utc()
    }
}

impl From<NaiveDateTime> for Moment {
    fn from(naive: NaiveDateTime) -> Self {
        Self(Timestamp::from_datetime(DateTime::<Utc>::from_naive_utc_and_offset(naive, Utc)))
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        let micros = timestamp.micros().clamp(*KEPT.start(), *KEPT.end());
        Self(Timestamp::from_micros(micros).unwrap_or(timestamp))
    }
}

impl From<Moment> for Timestamp {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl ToSql<UtcTime, MultiBackend> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((UtcTime, self));
        Ok(IsNull::No)
    }
}

impl FromSql<UtcTime, MultiBackend> for Moment {
    fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, UtcTime>()
    }
}

// SQLite compares text: a fixed width makes that the order of time, and equal what is equal.
impl ToSql<UtcTime, Sqlite> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.naive().format("%Y-%m-%d %H:%M:%S%.6f").to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<UtcTime, Sqlite> for Moment {
    fn from_sql(
        value: <Sqlite as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        <NaiveDateTime as FromSql<sql_types::Timestamp, Sqlite>>::from_sql(value).map(Self::from)
    }
}

#[cfg(feature = "mysql")]
mod mysql {
    use diesel::mysql::{Mysql, MysqlValue};
    use diesel::sql_types::Datetime;

    use super::*;

    impl ToSql<UtcTime, Mysql> for Moment {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
            ToSql::<Datetime, Mysql>::to_sql(&self.naive(), &mut out.reborrow())
        }
    }

    impl FromSql<UtcTime, Mysql> for Moment {
        fn from_sql(value: MysqlValue<'_>) -> deserialize::Result<Self> {
            <NaiveDateTime as FromSql<Datetime, Mysql>>::from_sql(value).map(Self::from)
        }
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use diesel::pg::{Pg, PgValue};

    use super::*;

    impl ToSql<UtcTime, Pg> for Moment {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
            ToSql::<sql_types::Timestamp, Pg>::to_sql(&self.naive(), &mut out.reborrow())
        }
    }

    impl FromSql<UtcTime, Pg> for Moment {
        fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
            <NaiveDateTime as FromSql<sql_types::Timestamp, Pg>>::from_sql(value).map(Self::from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(micros: i64) -> i64 {
        Timestamp::from(Moment::from(Timestamp::from_micros(micros).unwrap())).micros()
    }

    #[test]
    fn moments_beyond_what_engines_keep_become_the_nearest_end() {
        assert_eq!(kept(0), 0);
        assert_eq!(kept(i64::from(i32::MIN) * 1_000_000), i64::from(i32::MIN) * 1_000_000);
        assert_eq!(kept(KEPT.end() + 1), *KEPT.end());
        assert_eq!(kept(KEPT.start() - 1), *KEPT.start());
    }

    #[test]
    fn the_ends_are_the_years_1000_and_9999() {
        let shown = |micros| Timestamp::from_micros(micros).unwrap().datetime().to_rfc3339();
        assert_eq!(shown(*KEPT.start()), "1000-01-01T00:00:00+00:00");
        assert_eq!(shown(*KEPT.end()), "9999-12-31T23:59:59.999999+00:00");
    }
}
