//! What is written into histories on the way.

/// Words that fit a kind of matter.
pub struct Tone {
    pub proofs: &'static [&'static str],
    pub feedbacks: &'static [&'static str],
    pub extensions: &'static [&'static str],
    pub deferrals: &'static [&'static str],
}

/// Something lies about, is broken or stands in the way.
const OF_THINGS: Tone = Tone {
    proofs: &[
        "已当场清理完毕，照片已上传",
        "已现场劝导，当事人已整改",
        "已协助处理，现场恢复正常",
        "已联系责任人，当场解决",
    ],
    feedbacks: &[
        "已处理完毕，现场照片已上传",
        "已到现场处置，问题解决",
        "已整改到位，请核查",
        "已联系责任单位处理，现场恢复正常",
    ],
    extensions: &[
        "需采购材料，申请延期",
        "连续下雨，无法施工",
        "涉及多方协调，需要更多时间",
    ],
    deferrals: &["需待工程排期，先行挂账", "已列入改造计划，待开工"],
};

/// Somebody is in need or in dispute.
const OF_PEOPLE: Tone = Tone {
    proofs: &[
        "已上门走访并登记",
        "已当面沟通，当事人表示满意",
        "已协助办理",
    ],
    feedbacks: &[
        "已与当事人沟通，情况已记录",
        "已上门了解情况并办理",
        "已受理并办结，已告知当事人",
        "双方已达成一致，持续关注",
    ],
    extensions: &[
        "当事人外出，约定下周面谈",
        "材料尚需补充，申请延期",
        "涉及多方协调，需要更多时间",
    ],
    deferrals: &["等待鉴定结果", "当事人暂不在本地，先行挂账"],
};

#[must_use]
pub fn tone(group: &str) -> &'static Tone {
    match group {
        "disputes" | "livelihood" | "labour" | "care" | "market" | "public_security" => &OF_PEOPLE,
        _ => &OF_THINGS,
    }
}

pub const REJECTIONS: [&str; 4] = [
    "现场核实，未发现所反映的情况",
    "描述不清且无法联系，暂不立案",
    "不属于受理范围，已告知反映渠道",
    "经核实已自行解决",
];
pub const OVERRIDES: [&str; 4] = [
    "熟悉该户情况，由其前往更合适",
    "正在附近，可以立即到场",
    "推荐人员正在处理其他事项",
    "此前处理过同类事项",
];
pub const RECALLS: [&str; 2] = ["派错对象，收回重派", "补充信息后重新派遣"];
pub const WORKER_RETURNS: [&str; 3] = [
    "今天在外培训，无法到场",
    "地点不在本人网格",
    "需要专业人员处理",
];
pub const DEPARTMENT_RETURNS: [&str; 2] = ["不属于本部门职责，建议转其他部门", "权属单位有误"];
pub const RETURN_ACCEPTED: [&str; 2] = ["情况属实，同意退单", "同意，重新派遣"];
pub const RETURN_REFUSED: [&str; 2] = ["职责清单明确，请继续办理", "经核对属本单位职责"];
pub const EXTENSION_REFUSED: [&str; 2] = ["民生事项，请按期办结", "理由不充分，不予延期"];
pub const ESCALATIONS: [&str; 3] = [
    "涉及多个部门，乡镇（街道）难以协调",
    "超出乡镇（街道）处置权限",
    "影响范围较大，提请上级中心处理",
];
pub const HAND_DOWNS: [&str; 2] = ["属地处置更为便捷，交回办理", "已协调部门配合，请属地牵头"];
pub const JOININGS: [&str; 2] = ["请到场配合处理", "请提供专业支持"];
pub const SUMMONS: [&str; 2] = ["请到场会商处置", "需部门执法，请即到场"];
pub const SUPERVISIONS: [&str; 2] = [
    "群众反映强烈，请加快办理并报告进展",
    "事项临近时限，请说明办理情况",
];
pub const ANSWERS: [&str; 2] = ["已安排专人跟进，今日办结", "责任单位已到场，正在处置"];
pub const RELEASES: [&str; 2] = ["已不需要协办", "主办单位已自行完成"];
pub const PASSES: [&str; 4] = [
    "现场核查，情况属实",
    "照片比对一致，同意结案",
    "回访反映人，已解决",
    "核查通过",
];
pub const REWORKS: [&str; 3] = [
    "现场仍有残留，请继续处理",
    "照片不清晰，请补充后再报",
    "反映人称问题未解决",
];
pub const REOPENINGS: [&str; 3] = [
    "过了两天又出现同样的问题",
    "没有彻底解决，请继续处理",
    "回访时反映问题反弹",
];
pub const PRAISE: [&str; 4] = ["处理很快，谢谢", "很满意", "态度好，问题解决了", "辛苦了"];
pub const COMPLAINTS: [&str; 3] = ["问题还在", "来得太慢", "只是打了电话，没有人来"];
pub const BLAND: &str = "涉及个人隐私，内容不予显示";
