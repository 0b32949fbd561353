"""Forms of other provinces and years, drawn as tables: what differs from the national form is still read."""

# ruff: noqa: E501  (a drawn row is as wide as the form)

from reading.read_drawn import money, only, read, row

OLD = """
项目支出绩效自评表 | < | < | < | < | < | < | < | < | <
（2018年度） | < | < | < | < | < | < | < | < | <
项目名称 | 垃圾清运 | < | < | < | < | < | < | < | <
主管部门 | 城管委 | < | < | 实施单位 | 环卫中心 | < | < | < | <
项目资金（万元） |  |  | 年初预算数（A） | 全年执行数（B） | 分值（10分） | 执行率（B/A） | 得分 | 得分计算方法 | <
^ | 年度资金总额： | < | 120 | 118.5 | 10 | 98.75% | 9.88 | 执行率*分值，不得超过上限 | <
^ | 其中：本年财政拨款 | < | 120 | 118.5 | — | — | — |  |
年度总体目标 | 年初设定目标 | < | < | < | 全年实际完成情况 | < | < | < | <
^ | 清运及时 | < | < | < | 已完成 | < | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 分值 | 年度指标值（A） | 全年实际值（B） | 得分计算方法 | 得分 | 未完成原因分析
^ | 产出指标（50分） | 数量指标 | 清运量 | 20 | ≥3000吨 | 3120吨 | 完成值达到指标值，记满分 | 20 |
^ | ^ | 质量指标 | 达标率 | 70 | 100% | 98% | ^ | 69.4 | 设备检修
总分 | < | < | < | 100 |  |  |  | 99.28 |
"""


def test_read__old_form__has_no_adjusted_budget() -> None:
    """2016 to 2018: no 全年预算数, weight before target, a column of printed rules."""
    submission = only(OLD)
    assert [money(line) for line in submission.budget] == [
        "年度资金总额： total 120 - 118.5 10 98.75 9.88",
        "其中：本年财政拨款 appropriation 120 - 118.5 - - -",
    ]
    assert "adjusted" not in submission.budget[0].cells
    assert [row(one) for one in submission.indicators] == [
        "产出指标（50分） 数量指标 清运量 ≥3000吨 3120吨 20 20 -",
        "产出指标（50分） 质量指标 达标率 100% 98% 70 69.4 设备检修",
    ]
    assert (submission.goal, submission.goal_actual) == ("清运及时", "已完成")
    assert read(OLD).unused == ()


SICHUAN = """
报表编号：510000_0013zp |  |  |  |  |  |  |  |  |
2023年部门预算项目支出绩效自评表 | < | < | < | < | < | < | < | < | <
项目名称 | 51000021R000000001-工资性支出 | < | < | < | < | < | < | < | <
主管部门 | 县委办 | < | < | 实施单位 | 县委办机关 | < | < | < | <
预算执行情况（10分） |  | 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | 权重 | 得分 | 原因 | <
^ | 总额 | 88 | 90 | 45 | 50% | 10 | 5 | 人员调出 | <
^ | 其中：财政资金 | 88 | 90 | 45 | 50% | / | / |  | <
^ | 单位资金 | 0 | 0 | 0 | 0.00% | / | / |  | <
年度目标 | 保障工资发放 | < | < | < | < | < | < | < | <
年度目标完成情况 | 按时发放 | < | < | < | < | < | < | < | <
绩效指标（90分） | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 | 未完成原因分析
^ | 产出指标 | 数量指标 | 科目调整次数 | ≤ | 10 | 次 | 3 | 60 | 60 |
^ | 满意度指标 | 满意度 | 满意度 | 定性 | 优良中低差 |  | 优 | 30 | 30 |
合计 | < | < | < |  |  |  |  | 100 | 95 |
评价结论 | 良好运行，完成目标 | < | < | < | < | < | < | < | <
存在问题 | 无 | < | < | < | < | < | < | < | <
项目负责人：张三 |  |  |  | 财务负责人：李四 |
"""


def test_read__sichuan__joins_a_split_target() -> None:
    """指标性质, 指标值, 度量单位 make one target; its cell is the value's; what nobody asked for is unused."""
    reading = read(SICHUAN)
    submission = only(SICHUAN)
    assert [row(one) for one in submission.indicators] == [
        "产出指标 数量指标 科目调整次数 ≤10次 3 60 60 -",
        "满意度指标 满意度 满意度 定性优良中低差 优 30 30 -",
    ]
    assert submission.indicators[0].cells["target"].address == "F12"
    assert money(submission.budget[0]) == "总额 total 88 90 45 10 50 5"
    assert submission.budget[0].cells["reason"].text == "人员调出"
    assert (submission.goal, submission.goal_actual) == ("保障工资发放", "按时发放")
    assert [cell.text for cell in reading.unused] == ["良好运行，完成目标"]


YUNNAN = """
项目支出绩效自评表 | < | < | < | < | < | < | < | <
单位：元 |  |  |  |  |  |  | 公开14表 |
项目名称 | 办公楼维修 | < | < | < | < | < | < | <
主管部门 | 永德县教体局 | < | < | 实施单位 | 永德一中 | < | < | <
项目资金 |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
^ | 年度资金总额 | 500,000.00 | 500,000.00 | 480,000.00 | 10 | 96.00% | 9.6 |
绩效指标 | < | < | 指标性质 | 指标值 | 度量单位 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
一级指标 | 二级指标 | 三级指标 | ^ | ^ | ^ | ^ | ^ | ^ | ^
产出指标 | 数量指标 | 面积 | >= | 300 | 平方米 | 320平方米 | 90 | 86.4 |
其他需要说明事项 | 无 | < | < | < | < | < | < | <
总分 |  |  |  | 100 |  |  | 96 | 优
"""


def test_read__yunnan__money_in_yuan_and_a_loose_total_row() -> None:
    """单位：元 above, a header of two rows, and a last row 总分 100 96 优 that ignores the columns."""
    submission = only(YUNNAN)
    assert money(submission.budget[0]) == "年度资金总额 total 50 50 48 10 96 9.6"
    assert submission.money_measure == "元"
    assert (submission.total_weight, submission.total_score, submission.grade) == (100, 96, "优")
    assert read(YUNNAN).unused == ()


HUBEI = """
2020年度项目自评表 | < | < | < | < | < | <
单位名称：公路中心 |  |  |  | 填报日期：2021.3.5 |  |
项目名称 | 公路养护 | < | < | < | < | <
主管部门 | 交通局 | < | 项目实施单位 | 公路中心 | < | <
预算执行情况（万元）（20分） |  | < | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分（20分*执行率）
^ | 年度财政资金总额 | < | 100 | 95 | 95% | 19
年度绩效目标1（40分） | 养护到位 | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | < | 年初目标值（A） | 实际完成值（B） | 得分
产出指标 | 数量指标 | 里程 | < | 100公里 | 100公里 | 40
年度绩效目标2（40分） | 出行安全 | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | < | 年初目标值（A） | 实际完成值（B） | 得分
效益指标 | 社会效益 | 事故数 | < | 0 | 0 | 40
总分 |  |  |  |  |  | 99
偏差大或目标未完成原因分析 | 无 | < | < | < | < | <
"""


def test_read__hubei__execution_counts_20_and_indicators_have_no_weight() -> None:
    """The block's label says what it counts; two goals, each above its own indicators."""
    submission = only(HUBEI)
    assert money(submission.budget[0]) == "年度财政资金总额 total - 100 95 20 95 19"
    assert [row(one) for one in submission.indicators] == [
        "产出指标 数量指标 里程 100公里 100公里 - 40 -",
        "效益指标 社会效益 事故数 0 0 - 40 -",
    ]
    assert submission.goal == "养护到位\n出行安全"
    assert submission.filled_on is not None
    assert (submission.filled_on.isoformat(), submission.total_score) == ("2021-03-05", 99)


TRANSFER = """
中央对地方专项转移支付区域（项目）绩效目标自评表 | < | < | < | < | <
（2020年度） | < | < | < | < | <
转移支付名称 | 林业改革发展资金 | < | < | < | <
地方主管部门 | 省林业厅 | < | 资金使用单位 | 县林业局 | <
资金投入情况（万元） |  | 全年预算数（A） | 全年执行数（B） | 预算执行率（B/A×100%） | <
^ | 年度资金总额： | 100 | 90 | 90% | <
^ | 其中：中央补助 | 80 | 75 | 93.75% | <
^ | 地方资金 | 20 | 15 | 75% | <
资金管理情况 |  | 情况说明 | < | 存在问题和改进措施 | <
^ | 分配科学性 | 按因素法分配 | < | 无 | <
总体目标完成情况 | 总体目标 | < | 全年实际完成情况 | < | <
^ | 造林 | < | 造了 | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 | 未完成原因和改进措施
^ | 产出指标 | 数量指标 | 造林面积 | ≥100亩 | 120亩 |
说明 | 无 | < | < | < | < | <
注：1.资金使用单位按项目绩效目标填报
"""


def test_read__transfer_payment__has_sources_and_no_scores() -> None:
    """Rows by 中央 and 地方, no weight and no score anywhere."""
    submission = only(TRANSFER)
    assert [money(line) for line in submission.budget] == [
        "年度资金总额： total - 100 90 - 90 -",
        "其中：中央补助 other - 80 75 - 93.75 -",
        "地方资金 other - 20 15 - 75 -",
    ]
    assert [row(one) for one in submission.indicators] == ["产出指标 数量指标 造林面积 ≥100亩 120亩 - - -"]
    assert (submission.goal, submission.goal_actual) == ("造林", "造了")
    assert [(entry.name, entry.text) for entry in submission.fields] == [
        ("分配科学性", "按因素法分配"),
        ("分配科学性·存在问题和改进措施", "无"),
    ]
    assert read(TRANSFER).unused == ()


NINGXIA = """
2021年度项目支出绩效自评表 | < | < | < | < | < | < | < | < | < | <
项目名称 | 供水 | < | < | < | 单位名称 | 水务局 | < | < | < | <
一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 自评得分 | 财政审核评分 | 备注
决策 | 10 | 项目立项 | 10 | 立项依据充分性 | 充分 | 充分 | 10 | 10 | 9 | 看台账
产出 | 90 | 产出数量 | 90 | 供水量 | ≥10万吨 | 11万吨 | 90 | 88 |  |
合计 | 100 |  | 100 |  |  |  | 100 | 98 | 97 |
评价等级 | 优
"""


def test_read__ningxia__takes_the_units_own_score_and_the_indicators_own_weight() -> None:
    """财政审核评分 is the bureau's; the weights of level 1 and 2 are not the indicator's."""
    submission = only(NINGXIA)
    assert [row(one) for one in submission.indicators] == [
        "决策 项目立项 立项依据充分性 充分 充分 10 10 -",
        "产出 产出数量 供水量 ≥10万吨 11万吨 90 88 -",
    ]
    assert (submission.total_weight, submission.total_score, submission.grade) == (100, 98, "优")
    assert [cell.text for cell in read(NINGXIA).unused] == ["9", "看台账", "97"]


GUANGSHUI = """
广水市财政预算支出项目绩效目标自评表 | < | < | < | < | <
项目名称：乡村道路 |  | 项目单位：交通局 |  |  |
一级指标 | 二级指标 | 三级指标 | 分值 | 自评分 | 复核分
项目决策 2分 | 决策依据 | 决策依据 | 2 | 2 | 1
项目管理13分 | 财务制度 | 财务制度 | 13 | 12 |
总分 |  |  | 15 | 14 |
"""


def test_read__guangshui__takes_the_self_score_beside_the_reviewed_one() -> None:
    """自评分 and 复核分 stand side by side; levels keep their text as written."""
    submission = only(GUANGSHUI)
    assert [row(one) for one in submission.indicators] == [
        "项目决策 2分 决策依据 决策依据 - - 2 2 -",
        "项目管理13分 财务制度 财务制度 - - 13 12 -",
    ]


CHONGQING = """
2021年度部门整体绩效自评表 | < | < | < | < | < | < | < | < | < | <
部门（单位）名称 | 高新区党群部 | < | < | 填报人 | 王五 | 联系电话 | 023-1234 | < | < | <
部门整体支出（万元） |  | 年初预算数 | 全年（调整）预算数 | 全年执行数 | 执行率（%） | 执行率权重 | 执行率得分
^ | 总额 | 1000 | 1100 | 871.97 | 79.27 | 10 | 7.93
年初绩效目标 | < | < | < | 全年（调整）绩效目标 | < | < | 全年目标实际完成情况 | < | < | <
目标甲 | < | < | < |  | < | < | 完成甲 | < | < | <
绩效指标 | < | 指标名称 | 计量单位 | 指标性质 | 年初指标值 | 调整指标值 | 全年完成值 | 得分系数（%） | 指标权重 | 指标得分 | 是否核心指标 | 说明
绩效指标 |  | 财政供养人员控制率 | % | ≤ | 100 | 95 | 92 | 100 | 2 | 2 | 是 |
绩效指标 |  | 培训次数 | 次 | ≥ | 26 |  | 12 | 46.15 | 5 | 2.31 | 否 | 疫情
"""


def test_read__chongqing__takes_the_adjusted_target_where_there_is_one() -> None:
    """调整指标值 holds where it is filled, else 年初指标值."""
    submission = only(CHONGQING)
    assert [row(one) for one in submission.indicators] == [
        "- - 财政供养人员控制率 ≤95% 92 2 2 -",
        "- - 培训次数 ≥26次 12 5 2.31 疫情",
    ]
    assert [one.cells["target"].address for one in submission.indicators] == ["G8", "F9"]
    assert money(submission.budget[0]) == "总额 total 1000 1100 871.97 10 79.27 7.93"
    assert (submission.form, submission.goal, submission.goal_actual) == ("whole-unit", "目标甲", "完成甲")


GUIZHOU = """
部门整体支出绩效自评表 | < | < | < | < | < | <
（ 2018 年度） | < | < | < | < | < | <
部门（单位）名称 | 县工会 | < | < | < | < | <
年度预算申请（万元） | 资金来源 | 年初预算数（A） | 全年执行数（B） | 分值（10分） | 得分 | 得分计算方法
^ | 年度资金总额 | 200 | 190 | 10 | 9.5 | 执行率*分值
^ | 1.一般公共预算拨款 | 200 | 190 | 10 | 10 | ^
^ | 2.其他资金 |  |  | 10 | 10 | ^
一级指标 | 二级指标 | 三级指标 | 年度指标值（A） | 全年实际值（B） | 分值 | 得分
产出指标 | 数量指标 | 会议 | ≥3次 | 4次 | 90 | 90
总分 |  |  |  |  | 100 | 99.5
"""


def test_read__guizhou__rows_by_source_repeat_the_weight() -> None:
    """Each row of money bears 10 and 10; they are read as written."""
    submission = only(GUIZHOU)
    assert [money(line) for line in submission.budget] == [
        "年度资金总额 total 200 - 190 10 - 9.5",
        "1.一般公共预算拨款 appropriation 200 - 190 10 - 10",
        "2.其他资金 other_funds - - - 10 - 10",
    ]
    assert (submission.year, submission.unit_name) == (2018, "县工会")
    assert read(GUIZHOU).unused == ()


SCORE = """
部门整体支出绩效评分表 | < | < | < | < | < | < | < | <
填报单位（盖章）：区总工会 |  |  |  | 评价年度：2023年 |  |
一级指标 | < | 二级指标 | < | 三级指标 | < | 评分标准 | 自评得分 | 评分依据
名称 | 分值 | 名称 | 分值 | 名称 | 分值 | ^ | ^ | ^
预算编制 | 20 | 合理性 | 10 | 合理 | 10 | 合理得满分 | 9 | 见附件
^ | ^ | 规范性 | 10 | 规范 | 10 | 规范得满分 | 10 |
合计 |  |  |  |  | 100 |  | 96 |
自评等级：优良 |
填表人：张三　联系电话：0759-123　填报日期：2024年5月30日
"""


def test_read__score_form__has_weights_and_bases_and_no_targets() -> None:
    """A header of two rows: under a level 名称 is the level, 分值 its weight."""
    submission = only(SCORE)
    assert [row(one) for one in submission.indicators] == [
        "预算编制 合理性 合理 - - 10 9 -",
        "预算编制 规范性 规范 - - 10 10 -",
    ]
    assert submission.indicators[0].basis == "见附件"
    assert (submission.form, submission.grade, submission.total_score) == ("score", "优良", 96)
    assert (submission.prepared_by, submission.phone, submission.unit_name) == ("张三", "0759-123", "区总工会")


FLAT = """
附件3
部门整体支出绩效评分表
单位名称 | 区总工会 |  | 评价年度 | 2023
序号 | 评价指标 | 分值 | 评分标准 | 自评分 | 得分说明
一 | 预算编制 | 20 |  |  |
1 | 预算编制合理性 | 10 | 合理 | 10 | 好
2 | 预算编制规范性 | 10 | 规范 | 9.5分 |
总得分 |  | 100 |  | 96 |
"""


def test_read__rows_that_only_add_up_those_below__become_their_level() -> None:
    """一 预算编制 20 above 10 and 10 is no indicator, else its weight would count twice."""
    assert [row(one) for one in only(FLAT).indicators] == [
        "预算编制 - 预算编制合理性 - - 10 10 -",
        "预算编制 - 预算编制规范性 - - 10 9.5 -",
    ]


HEADS = """
项目支出绩效自评表
项目名称 | 养殖
实施单位 | 社区
一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | ★瓜果面积 |  |  | 10 | 10
 | 梨 | 6亩 | 6亩 |  |
 | 桃 | 1亩 | 1亩 |  |
 | ★家禽数量 |  |  | 10 | 10
 | 鸡 | 500只 | 500只 |  |
"""


def test_read__weight_above_targets__heads_the_rows_below() -> None:
    """A weight without a target above targets without weights: the row is their heading."""
    assert [one.heads for one in only(HEADS).indicators] == [2, 0, 0, 1, 0]


MERGED_TOTAL = OLD.replace("总分 | < | < | < | 100 |  |  |  | 99.28 |", "总分 | 优秀 | < | < | < | < | < | < | < | <")


def test_read__words_in_a_total_merged_over_its_row__are_the_total_as_written() -> None:
    """The cell that people see is pointed at, and a word where the score belongs is no grade."""
    submission = only(MERGED_TOTAL)
    assert (submission.cells["total_score"].address, submission.cells["total_score"].text) == ("B13", "优秀")
    assert (submission.total_score, submission.grade) == (None, None)


def test_read__split_target_with_a_dash_for_its_value__has_none() -> None:
    """≥ and 次 beside a dash are no target: it is as blank as the dash says."""
    [first, _] = only(SICHUAN.replace("≤ | 10 | 次", "≤ | — | 次")).indicators
    assert (first.target, first.cells["target"].address) == ("—", "F12")
