"""Real rule sets of provinces and districts, each as a workbook written out here, scored by hand beside it."""

from decimal import Decimal

from scoring.scoring_tables import data_form, money, submission, write_scheme

from evalbatch.scoring.score import score
from evalbatch.scoring.workbook import load_scheme

D = Decimal


def scores(card):
    """Name to verified score, pending ones with a question mark."""
    return {line.name: f"{line.verified_score}{'?' if line.pending else ''}" for line in card.lines}


# ---------------------------------------------------------------- national, 10/50/30/10 (财预〔2020〕10号)


def test_national__ten_fifty_thirty_ten__by_hand():
    """Execution 10×97.21%; one of four indicators missed by a quarter; a qualitative benefit waits."""
    form = submission(
        """
| 一级           | 指标     | 目标     | 完成         | 分值 | 自评 |
| 产出指标       | 活动场次 | ≥8场     | 10场         | 25   | 25   |
| 产出指标       | 培训人数 | ≥200人   | 150人        | 25   | 25   |
| 效益指标       | 社会影响 | 有效提升 | 达成预期指标 | 30   | 28   |
| 满意度指标     | 满意度   | ≥95%     | 96%          | 10   | 10   |
""",
        [money("138.79", "138.79", "134.92", score="9.72")],
    )
    card = score(form, load_scheme(None))
    assert scores(card) == {
        "预算执行率": "9.72",
        "活动场次": "25.00",
        "培训人数": "18.75",
        "社会影响": "28.00?",
        "满意度": "10.00",
    }
    assert (card.verified_total, card.verified_grade, card.pending) == (D("91.47"), "优", 1)


def test_national__weights_of_groups__are_told_but_not_demanded():
    """50/30/10 may be changed form by form: no form breaks a rule by having others."""
    scheme = load_scheme(None)
    assert scheme.group_weights("project") == {}
    assert scheme.required_groups("project") == ("产出指标", "效益指标", "满意度指标")
    assert scheme.required_groups("whole-unit") == ("产出指标", "效益指标")


# ---------------------------------------------------------------- Suzhou 宿州 2022: 10/40/30/20, explain from 50% over

SUZHOU = """
# 设置
| 项目 | 值 |
| 方案名称 | 宿州市2022年度 |
# 评分方案
| 表样 | 对象 | 分值 | 分值来源 | 评分方法 | 参数 |
| 项目 | 资金执行 | 10 | 方案 | 执行率 | |
| 项目 | 指标 | | | 按目标值 | 超额：50%；超额处理：人工 |
# 指标分组
| 表样 | 一级指标 | 必设 | 组分值 | 组分值用途 |
| 项目 | 产出指标 | 是 | 40 | 校验 |
| 项目 | 效益指标 | 是 | 30 | 校验 |
| 项目 | 满意度指标 | 是 | 20 | 校验 |
# 阈值
| 名称 | 值 |
| 超额完成 | 50 |
"""


def test_suzhou__ten_forty_thirty_twenty__fixed_weights_and_own_threshold(tmp_path):
    """Its groups' weights are fixed, and half over the target goes to a person: 160 of 100 is, 149 is not."""
    scheme = load_scheme(write_scheme(tmp_path / "宿州.xlsx", SUZHOU))
    assert scheme.group_weights("project") == {"产出指标": D(40), "效益指标": D(30), "满意度指标": D(20)}
    assert (scheme.name, scheme.threshold("over_fulfilment"), scheme.threshold("low_execution_rate")) == (
        "宿州市2022年度",
        D(50),
        D(80),
    )
    form = submission(
        """
| 一级       | 指标 | 目标   | 完成  | 分值 | 自评 |
| 产出指标   | 甲   | ≥100个 | 160个 | 20   | 20   |
| 产出指标   | 乙   | ≥100个 | 149个 | 20   | 20   |
| 效益指标   | 丙   | ≥40户  | 30户  | 30   | 30   |
| 满意度指标 | 丁   | ≥90%   | 91%   | 20   | 20   |
""",
        [money("80", "80", "60", weight="10", score="7.5")],
    )
    card = score(form, scheme)
    assert scores(card) == {"预算执行率": "7.50", "甲": "20.00?", "乙": "20.00", "丙": "22.50", "丁": "20.00"}
    assert card.verified_total == D("90.00")


# ---------------------------------------------------------------- Hubei: 20 + 80, no weights in the form, tiers 80/50

HUBEI = """
# 设置
| 项目 | 值 |
| 方案名称 | 湖北20+80 |
| 得分小数位数 | 1 |
# 评分方案
| 表样 | 对象 | 分值 | 评分方法 | 参数 |
| 项目 | 资金执行 | 20 | 执行率 | |
| 项目 | 指标 | | 按目标值 | 定性：湖北 |
# 指标分组
| 表样 | 一级指标 | 组分值 | 组分值用途 |
| 项目 | 年度绩效目标1 | 40 | 平分 |
| 项目 | 年度绩效目标2 | 40 | 平分 |
# 定性档次
| 档次组 | 档次 | 最低（%） | 最高（%） | 常见写法 |
| 湖北 | 全部实现 | 80 | 100 | 达成预期指标、完成 |
| 湖北 | 部分实现 | 50 | 80 | 部分达成 |
| 湖北 | 未实现 | 0 | 50 | 未达成 |
"""


def test_hubei__twenty_and_eighty__shares_of_a_goal_and_tiers_from_fifty(tmp_path):
    """Forty points shared by three rows are 13.4+13.3+13.3; a partly reached benefit lies in 50–80% of 20."""
    scheme = load_scheme(write_scheme(tmp_path / "湖北.xlsx", HUBEI))
    form = submission(
        """
| 一级                 | 指标 | 目标     | 完成     | 分值 | 自评 |
| 年度绩效目标1（40分） | 甲   | ≥10个    | 5个      | none | 10   |
| 年度绩效目标1（40分） | 乙   | ≥10个    | 10个     | none | 13   |
| 年度绩效目标1（40分） | 丙   | ≤5天     | 8天      | none | 13   |
| 年度绩效目标2（40分） | 丁   | 明显改善 | 部分达成 | none | 18   |
| 年度绩效目标2（40分） | 戊   | ≥90%     | 90%      | none | 20   |
""",
        [money("66.86", "200", "66.86", weight="none", score="20")],
    )
    card = score(form, scheme)
    assert [line.weight for line in card.lines] == [D(20), D("13.4"), D("13.3"), D("13.3"), D(20), D(20)]
    # 20×33.43% · 13.4×50% · full · 13.3×5÷8=8.3125 · 18 held within 10～16 · full
    assert scores(card) == {"预算执行率": "6.7", "甲": "6.7", "乙": "13.3", "丙": "8.3", "丁": "16.0?", "戊": "20.0"}
    assert card.verified_total == D("71.0")


# ---------------------------------------------------------------- Ningxia: 决策10 管理25 产出30 效益35

NINGXIA = """
# 设置
| 项目 | 值 |
| 方案名称 | 宁夏 |
# 评分方案
| 表样 | 对象 | 一级指标 | 二级指标 | 三级指标 | 分值 | 评分方法 | 参数 | 计算公式 |
| 项目 | 指标 | 决策 | | | | 人工 | | |
| 项目 | 指标 | 管理 | | | | 人工 | | |
| 项目 | 指标 | 管理 | | 预算执行率 | | 分档 | ≥95%：100%；≥80%：60%；其他：0 | 全年执行数 ÷ 全年预算数 |
| 项目 | 指标 | | | | | 按目标值 | | |
# 指标分组
| 表样 | 一级指标 | 其他名称 | 必设 | 组分值 | 组分值用途 |
| 项目 | 决策 | 项目决策 | 是 | 10 | 校验 |
| 项目 | 管理 | 项目管理、过程 | 是 | 25 | 校验 |
| 项目 | 产出 | | 是 | 30 | 校验 |
| 项目 | 效益 | | 是 | 35 | 校验 |
"""


def test_ningxia__decision_management_output_benefit__money_is_one_of_the_indicators(tmp_path):
    """The money's own row has no weight there: its rate is an indicator of management, in steps."""
    scheme = load_scheme(write_scheme(tmp_path / "宁夏.xlsx", NINGXIA))
    form = submission(
        """
| 一级           | 指标       | 目标  | 完成 | 分值 | 自评 |
| 决策（10分）   | 立项依据   |       |      | 10   | 10   |
| 管理（25分）   | 预算执行率 |       |      | 15   | 15   |
| 管理（25分）   | 制度健全   |       |      | 10   | 12   |
| 产出（30分）   | 建设里程   | ≥30公里 | 24公里 | 30 | 30   |
| 效益（35分）   | 受益户数   | ≥700户 | 733户 | 35  | 35   |
""",
        [money("100", "100", "86", weight="none", score="none")],
    )
    card = score(form, scheme)
    assert scores(card) == {
        "立项依据": "10.00?",
        "预算执行率": "9.00",
        "制度健全": "10.00?",
        "建设里程": "24.00",
        "受益户数": "35.00",
    }
    assert card.verified_total == D("88.00")
    assert sum(scheme.group_weights("project").values()) == 100
    assert scheme.group_of("project", "项目管理13分") == "管理"


# ---------------------------------------------------------------- 达州 whole-unit tree, 25/30/45

DAZHOU = """
# 设置
| 项目 | 值 |
| 方案名称 | 达州市部门整体支出绩效评价 |
# 评分方案
| 表样 | 一级指标 | 二级指标 | 三级指标 | 分值 | 评分方法 | 参数 | 计算公式 |
| 评分表 | 部门决策 | 目标任务 | 相关性 | 5 | 人工 | | |
| 评分表 | 部门决策 | 目标任务 | 明确性 | 5 | 人工 | | |
| 评分表 | 部门决策 | 目标任务 | 合理性 | 5 | 人工 | | |
| 评分表 | 部门决策 | 预算编制 | 测算依据 | 5 | 人工 | | |
| 评分表 | 部门决策 | 预算编制 | 目标管理 | 5 | 人工 | | |
| 评分表 | 综合管理 | 专项资金分配时限 | 市级财力专项预算分配时限 | 1 | 计数 | | 市级专项按时分配 |
| 评分表 | 综合管理 | 专项资金分配时限 | 中央专款分配合规率 | 1 | 按比例 | 满分：≥100% | 合规分配专款 / 中央专款 |
| 评分表 | 综合管理 | 中期评估 | 执行中期评估 | 2 | 计数 | | 开展中期评估 |
| 评分表 | 综合管理 | 绩效监控 | 预算执行进度监控 | 2 | 人工 | | |
| 评分表 | 综合管理 | 绩效监控 | 绩效目标动态监控 | 3 | 人工 | | |
| 评分表 | 综合管理 | 非税收入执收情况 | 征收 | 1 | 按比例 | 满分：≥100% | 非税征收数 / 非税应征数 |
| 评分表 | 综合管理 | 非税收入执收情况 | 上缴 | 1 | 按比例 | 满分：≥100% | 非税上缴数 / 非税征收数 |
| 评分表 | 综合管理 | 资产管理 | 信息化 | 2 | 人工 | | |
| 评分表 | 综合管理 | 资产管理 | 资产报告 | 2 | 人工 | | |
| 评分表 | 综合管理 | 资产管理 | 与预算管理相结合 | 2 | 人工 | | |
| 评分表 | 综合管理 | 内控制度管理 | 健全完整 | 2 | 人工 | | |
| 评分表 | 综合管理 | 信息公开 | 预算 | 2 | 计数 | | 预算按时公开；预算内容完整 |
| 评分表 | 综合管理 | 信息公开 | 决算 | 2 | 计数 | | 决算按时公开；决算内容完整 |
| 评分表 | 综合管理 | 信息公开 | 绩效信息 | 2 | 计数 | | 绩效目标已公开；绩效自评已公开 |
| 评分表 | 综合管理 | 绩效评价 | 开展 | 2 | 人工 | | |
| 评分表 | 综合管理 | 绩效评价 | 结果应用 | 3 | 人工 | | |
| 评分表 | 部门绩效情况 | 履职成效 | | | 按目标值 | | |
| 评分表 | 部门绩效情况 | 可持续发展能力 | 重点改革（重点工作）完成 | 5 | 人工 | | |
| 评分表 | 部门绩效情况 | 可持续发展能力 | 创新 | 5 | 人工 | | |
| 评分表 | 部门绩效情况 | 可持续发展能力 | 人才培养 | 5 | 人工 | | |
| 评分表 | 部门绩效情况 | 满意度 | 协作部门满意度 | 3 | 分档 | ≥90%：3；≥80%：2；≥60%：1；其他：0 | 协作部门满意率 |
| 评分表 | 部门绩效情况 | 满意度 | 管理对象满意度 | 3 | 分档 | ≥90%：3；≥80%：2；≥60%：1；其他：0 | 管理对象满意率 |
| 评分表 | 部门绩效情况 | 满意度 | 社会公众满意度 | 4 | 分档 | ≥90%：4；≥80%：3；≥60%：2；其他：0 | 社会公众满意率 |
"""

DAZHOU_DATA = {
    "市级专项按时分配": "是",
    "合规分配专款": "180",
    "中央专款": "200",
    "开展中期评估": "否",
    "非税应征数": "50",
    "非税征收数": "40",
    "非税上缴数": "40",
    "预算按时公开": "是",
    "预算内容完整": "是",
    "决算按时公开": "是",
    "决算内容完整": "否",
    "绩效目标已公开": "是",
    "绩效自评已公开": "是",
    "协作部门满意率": "92%",
    "管理对象满意率": "80%",
    "社会公众满意率": "79.9%",
}


def dazhou_form(scheme):
    """The complete tree as a unit fills it: full marks for itself, four indicators of its own under 履职成效."""
    own = [
        ("受理事项", "≥1000件", "900件"),
        ("办结率", "≥98%", "99%"),
        ("开展检查", "≥20次", "20次"),
        ("群众获得感", "明显增强", "达成预期指标"),
    ]
    lines = [
        f"| {x.level1} | {x.level2} | {x.name} | | | {x.weight} | {x.weight} |" for x in scheme.indicators("score")
    ]
    lines += [f"| 部门绩效情况 | 履职成效 | {name} | {target} | {done} | 5 | 5 |" for name, target, done in own]
    return submission("\n".join(["| 一级 | 二级 | 指标 | 目标 | 完成 | 分值 | 自评 |", *lines]), form="score")


def test_dazhou__complete_tree__is_a_hundred_points(tmp_path):
    """25 + 30 + 45, the unit's own twenty points of 履职成效 included."""
    scheme = load_scheme(write_scheme(tmp_path / "达州.xlsx", DAZHOU))
    card = score(dazhou_form(scheme), scheme)
    of_level1 = {}
    for line in card.lines:
        of_level1[line.level1] = of_level1.get(line.level1, 0) + line.weight
    assert of_level1 == {"部门决策": 25, "综合管理": 30, "部门绩效情况": 45}


def test_dazhou__formulas_conditions_steps_and_own_indicators__by_hand(tmp_path):
    """What the data form and the targets decide is computed; the rest keeps the self score and waits."""
    scheme = load_scheme(write_scheme(tmp_path / "达州.xlsx", DAZHOU))
    card = score(dazhou_form(scheme), scheme, [data_form(DAZHOU_DATA)])
    computed = {name: text for name, text in scores(card).items() if not text.endswith("?")}
    assert computed == {
        "市级财力专项预算分配时限": "1.00",
        "中央专款分配合规率": "0.90",
        "执行中期评估": "0.00",
        "征收": "0.80",
        "上缴": "1.00",
        "预算": "2.00",
        "决算": "1.00",
        "绩效信息": "2.00",
        "协作部门满意度": "3.00",
        "管理对象满意度": "2.00",
        "社会公众满意度": "2.00",
        "受理事项": "4.50",
        "办结率": "5.00",
        "开展检查": "5.00",
    }
    # 100 - 0.1 - 2 - 0.2 - 1 - 1 - 2 - 0.5
    assert card.verified_total == D("93.20")
    assert card.pending == len(card.lines) - len(computed)


def test_dazhou__without_the_data_form__pending_with_the_missing_fields_named(tmp_path):
    """A formula without its fields is never guessed."""
    scheme = load_scheme(write_scheme(tmp_path / "达州.xlsx", DAZHOU))
    card = score(dazhou_form(scheme), scheme)
    line = next(line for line in card.lines if line.name == "征收")
    assert (line.expected, line.verified_score, line.pending) == (None, D("1.00"), True)
    assert line.because == "缺少“非税征收数”“非税应征数”，无法计算“非税征收数 / 非税应征数”；暂按自评 1 分，待定"


# ---------------------------------------------------------------- Hunan: deductions per point over the standard

HUNAN = """
# 评分方案
| 表样 | 一级指标 | 三级指标 | 分值 | 评分方法 | 参数 | 计算公式 |
| 评分表 | 投入 | 在职人员控制率 | 5 | 扣分 | 标准：≤100%；每：1%；扣：0.5 | 年末在职人数 / 编制人数 |
| 评分表 | 投入 | 三公经费变动率 | 8 | 扣分 | 标准：≤0%；每：1%；扣：0.8 | 三公经费预算 / 上年三公经费决算 - 1 |
| 评分表 | 县级 | 财政供养人员控制率 | 1 | 扣分 | 标准：≤100%；每：1%；扣：0.1 | 年末在职人数 / 编制人数 |
| 评分表 | 县级 | 三公变动率（县） | 3 | 扣分 | 标准：≤0；每：1%；扣：0.3；不足：计 | 三公经费预算/上年三公经费决算-1 |
| 评分表 | 县级 | 三公经费管理 | 3 | 计数 | 每项：1 | 有三公经费制度；有公务接待制度；有公务用车制度 |
| 评分表 | 县级 | 公务招待费变动率 | 2 | 扣分 | 标准：≤0%；每：1%；扣：0.2 | 公务接待费决算 / 上年公务接待费决算 - 1 |
"""


def test_hunan__deductions_per_point__by_hand(tmp_path):
    """104% of posts is 4 points over: 5-4×0.5=3; 6.25% more is 8-6.25×0.8=3; a part counted whole: 3-7×0.3=0.9."""
    scheme = load_scheme(write_scheme(tmp_path / "湖南.xlsx", HUNAN))
    lines = [f"| {x.level1} | {x.name} | {x.weight} | {x.weight} |" for x in scheme.indicators("score")]
    data = data_form(
        {
            "编制人数": "50",
            "年末在职人数": "52",
            "三公经费预算": "17",
            "上年三公经费决算": "16",
            "有三公经费制度": "有",
            "有公务接待制度": "有",
            "有公务用车制度": "无",
            "公务接待费决算": "6",
            "上年公务接待费决算": "5",
        }
    )
    card = score(submission("\n".join(["| 一级 | 指标 | 分值 | 自评 |", *lines]), form="score"), scheme, [data])
    assert scores(card) == {
        "在职人员控制率": "3.00",
        "三公经费变动率": "3.00",
        "财政供养人员控制率": "0.60",
        "三公变动率（县）": "0.90",
        "三公经费管理": "2.00",
        "公务招待费变动率": "0.00",
    }


# ---------------------------------------------------------------- Zhanjiang: four dimensions, built in

ZHANJIANG_DATA = {
    "编制人数": "6",
    "年末在职人数": "6",
    "支出预算": "138.79",
    "支出决算": "134.92",
    "项目支出预算": "20",
    "项目支出决算": "18",
    "公用经费预算": "10",
    "公用经费决算": "10.2",
    "三公经费预算": "0",
    "三公经费决算": "0",
    "年末结转结余": "3.87",
    "政府采购预算": "5",
    "政府采购决算": "4",
    "固定资产总额": "40",
    "在用固定资产": "30",
}


def test_zhanjiang__four_dimensions__by_hand():
    """No money for the three expenses: that line doesn't apply, and the other 96 points are scaled to 100."""
    scheme = load_scheme(None)
    lines = [f"| {x.level1} | {x.name} | {x.weight} | {x.weight} |" for x in scheme.indicators("score")]
    form = submission("\n".join(["| 一级 | 指标 | 分值 | 自评 |", *lines]), form="score")
    whole_unit = submission(
        "| 指标 | 目标 | 完成 | 分值 | 自评 |\n| 活动 | ≥8场 | 10场 | 50 | 50 |\n| 培训 | ≥10人 | 8人 | 40 | 40 |",
        form="whole-unit",
    )
    card = score(form, scheme, [data_form(ZHANJIANG_DATA), whole_unit])
    computed = {name: text for name, text in scores(card).items() if not text.endswith("?")}
    assert computed == {
        "支出预算执行率": "7.78",  # 8×134.92÷138.79
        "结转结余率": "5.00",  # 2.79% ≤ 10%
        "政府采购执行率": "2.40",  # 3×4÷5
        "三公经费控制率": "None",
        "项目支出完成率": "3.60",  # 4×18÷20
        "财政供养人员控制率": "3.00",
        "固定资产利用率": "2.50",  # 3×75%÷90%
        "公用经费控制率": "4.00",  # 5-2×0.5
        "绩效目标完成率": "4.00",  # 8×1÷2
    }
    # 100 less 4 that don't apply, less 0.22+0.6+0.4+0.5+1+4 lost above
    assert sum(line.weight for line in card.lines) == 100
    added = sum(line.verified_score or 0 for line in card.lines)
    assert added == D("89.28")
    assert card.verified_total == D("93.00")  # 89.28÷96×100
    assert card.note == "4 分的指标不适用，89.28÷96×100=93"


def test_zhanjiang__is_marked__as_no_official_form():
    """Each line of the built-in score form says that it is this tool's default."""
    assert {line.basis for line in load_scheme(None).of_form("score")} == {"本工具默认，非官方评分表"}


# ---------------------------------------------------------------- other shapes met in notices


def test_grades__one_band_called_youliang__only_where_the_scheme_says_so(tmp_path):
    """Jianghai's 2018 bands: 优良 from 80, 中 from 70; elsewhere 优良 is no grade."""
    text = "# 等级\n| 等级 | 最低分 | 其他写法 |\n| 优良 | 80 | 优、良 |\n| 中 | 70 | |\n| 差 | 0 | |\n"
    local = load_scheme(write_scheme(tmp_path / "江海.xlsx", text))
    assert (local.accepts_grade("优良"), local.grade_of(D(96)), local.grade_of(D("69.99"))) == ("优良", "优良", "差")
    assert load_scheme(None).accepts_grade("优良") is None


def test_total__low_execution__is_capped_and_said(tmp_path):
    """Below 60% executed, no more than 80 points."""
    text = "# 总分上限\n| 表样 | 执行率低于（%） | 总分不超过 |\n| 全部 | 60 | 80 |\n"
    scheme = load_scheme(write_scheme(tmp_path / "封顶.xlsx", text))
    table = "| 指标 | 目标 | 完成 | 分值 | 自评 |\n| 活动 | ≥8场 | 8场 | 90 | 90 |"
    low = score(submission(table, [money("100", "100", "59", score="5.9")]), scheme)
    assert (low.verified_total, low.note) == (D(80), "执行率 59% 低于 60%，总分 95.9 分按上限 80 分计")
    fair = score(submission(table, [money("100", "100", "60", score="6")]), scheme)
    assert (fair.verified_total, fair.note) == (D("96.00"), "")
