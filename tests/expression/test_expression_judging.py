"""Actuals against targets: a table of verdicts, the worked example, and what is assumed."""

from decimal import Decimal

import pytest
from expression.judged import judged

SEED = [  # the union's five targets of 2023, what it wrote, and what a careful clerk sees
    ("1、完成3个重点工作任务，完成率至少达95%", "（1）3个重点工作任务已完成；", ["met", "exceeded"]),
    (
        "2、至少开 3 次会议，参加会议率至少达 95%；",
        "(2) 如发放困难职工专项帮扶金相关事项、党日活动等都召开会议通过，所有的领导班子成员均参加会议；",
        ["unanswered", "exceeded"],
    ),
    (
        "3、积极服务区中心工作任务，如禁毒、创文、普法等，提升公共服务水平，至少开展活动 8 场，争取覆盖 6000 名职工；",
        "(3) 积极服务区中心工作任务，2023年，我会采取线上线下相结合的方式开展普法讲座、“粤工惠”平台法律知识有奖竞答等"
        "10多场普法宣传活动，覆盖8000多名职工，另成立了“法院+工会”诉调对接工作室，共聘请了7名律师挂点21家三佰洋工业园区企业，"
        "为600多名职工提供法律咨询与权益保障服务；",
        ["exceeded", "exceeded"],
    ),
    (
        "4、新建企业工会组织至少 10 家，发展会员至少 2000 人；",
        "(4) 2023年，我区新建企业工会组织15家，发展会员2061人，积极动员新业态劳动者入会，"
        "今年来新业态劳动者入会共998人，目前全区社会组织工会组建率达到60%；",
        ["exceeded", "exceeded"],
    ),
    (
        "5、2023 年至少审计 15 家基层工会，至少新增 30 家基层工会开通工会云财务平台。",
        "(5) 2023年，委托事务所审计18家基层工会，共新增30家基层工会开通工会云财务平台做账核算。",
        ["exceeded", "met"],
    ),
]


@pytest.mark.parametrize(("target", "actual", "verdicts"), SEED)
def test_seed__each_part__is_judged_as_a_careful_clerk_does(target, actual, verdicts):
    """Two figures are approximate but prove the target met, and the count of meetings is missing."""
    assert [part.verdict for part in judged(target, actual).parts] == verdicts


def test_seed__all_attended__is_taken_as_100_percent_and_said():
    """均参加 stands for 100 %, and the judgement says so."""
    judgement = judged(SEED[1][0], SEED[1][1])
    assert judgement.verdict == "unanswered"
    assert "按100%计" in judgement.note


VERDICTS = """
≥8场        | 10多场          | exceeded
≥12场       | 10多场          | cannot-tell
≥30场       | 10多场          | not-met
≥10场       | 10场            | met
≥10场       | 9场             | not-met
>10场       | 10场            | not-met
≥100人      | 约100人         | cannot-tell
≥100人      | 约150人         | exceeded
≥6000名     | 8000多人        | exceeded
≥10人       | 12人次          | cannot-tell
≥5公里      | 5000米          | met
≥10亩       | 2公顷           | exceeded
≥3年        | 36个月          | met
≥95%        | 0.958           | cannot-tell
≥95%        | 1               | cannot-tell
≥95%        | 100             | exceeded
≥95%        | 95              | met
≥95%        | 50个            | cannot-tell
≥50个       | 98%             | cannot-tell
≥50个       | 50              | met
≥50个       | ≥50个           | met
≥3‰         | 0.3%            | met
≤90万元     | 90              | met
≤90万元     | 89.97           | met
≤90万元     | 91              | not-met
≤90万元     | 899000元        | met
≤90万元     | 899000          | cannot-tell
≤5300元/户  | 5830元/户       | not-met
≤5%         | 3%              | met
<5%         | 5%              | not-met
18-54周岁   | 30岁            | met
18-54周岁   | 55岁            | not-met
3—5项       | 6项             | cannot-tell
3—5项       | 2项             | not-met
≥3项且≤5项  | 6项             | not-met
4次/月      | 每月4次         | met
4次/月      | 每月3次         | not-met
日均2次     | 每天2次         | met
日处理2万吨 | 日均1.86万吨    | not-met
日处理2万吨 | 1.86万吨        | not-met
每月4次     | 48次            | cannot-tell
≤24万元/部  | 22.45万元       | met
≤24万元/部  | 26万元          | not-met
≤1000元/人  | 35万元          | cannot-tell
≤8.5元/㎡   | 8.2元/平方米    | met
≤35微克/立方米 | 33.4μg/m³    | met
15台（套）  | 15台套          | met
15台（套）  | 12套            | not-met
6月底前达到50%，12月底前达到100% | 6月底55%，12月底100% | met
6月底前达到50% | 7月20日达到52% | not-met
6月底前达到50% | 52% | unanswered
12月底前支付率达到95% | 96.5% | met
12月底前支付率达到95% | 90% | not-met
数量≥5个，12月底前 | 6个 | unanswered
90%以上，力争95% | 93%         | cannot-tell
90%以上，力争95% | 96%         | exceeded
AQI≤100天数占比≥85% | 87.4%    | exceeded
8月龄-6岁儿童接种率≥90% | 95.6% | exceeded
24小时内维修率95% | 96%       | exceeded
80%-90%     | 85%             | met
80%-90%     | 70%-95%         | cannot-tell
12月底前    | 11月30日        | met
12月底前    | 2023年11月      | met
2023年12月底前 | 2024年1月15日 | not-met
2023年12月20日前 | 2023年12月 | cannot-tell
2023年9月—2024年6月 | 2024年5月 | met
12月底前    | 按时完成        | cannot-tell
≥95%        | 全覆盖          | exceeded
100%        | 全部完成        | met
100%        | 基本全部完成    | cannot-tell
≥3场        | 已完成          | cannot-tell
≥3场        | 达成预期指标    | cannot-tell
≥3场        | 无              | unanswered
≥3场        | ××              | cannot-tell
≥3场        | #REF!           | cannot-tell
0起         | 0起             | met
0起         | 1起             | not-met
≤2起        | 未发生事故      | met
零事故      | 0起             | met
零事故      | 1起             | not-met
全覆盖      | 100%            | met
全覆盖      | 全覆盖          | cannot-tell
高          | 高              | cannot-tell
效果明显    | 达成预期指标    | cannot-tell
≥**人       | 50人            | cannot-tell
≥3场，≥100人 | 5场，90人      | not-met
≥3场，≥100人 | 120人，5场     | exceeded
≥3场，≥100人 | 5场            | unanswered
≥3场，≥100人 | 完成           | cannot-tell
≥3场，≥100人 | 已全部完成     | cannot-tell
≤15分钟     | 15min           | met
≤24小时     | 2天             | not-met
72小时内    | 2天             | met
≥24小时     | 1天             | cannot-tell
≤30天       | 1个月           | cannot-tell
≤60天       | 1个月           | met
≤90天       | 4个月           | not-met
≤550元/人天 | 540元/人·天     | met
每人每月200元 | 200元/人/月   | met
每户2万元   | 60万元          | cannot-tell
100%        | 均未发放        | cannot-tell
100%        | 不是全部达标    | cannot-tell
100%        | 应发尽发，无一遗漏 | met
≥95%        | 全部达标，无一例外 | exceeded
≤2起        | 无统计数据      | cannot-tell
≤2起        | 零星发生        | cannot-tell
0起         | 发生一般事故，无人员伤亡 | cannot-tell
0起         | 未发生1起事故   | cannot-tell
不发生      | 0起             | met
2023年10月底前完工 | 2023年3月开工 | cannot-tell
2023年10月底前完工 | 2023年8月完成招标 | cannot-tell
2023年3月底前开工 | 2023年3月开工 | met
2023年10月底前 | 2023年9月未完工 | cannot-tell
2023年10月底前 | 截至10月底未完成 | not-met
2023年10月底前完成 | 2023年10月底前部分完成 | cannot-tell
1955.01~1956.01个 | 1955.5个  | met
"""


@pytest.mark.parametrize("line", [line for line in VERDICTS.splitlines() if line])
def test_verdict__of_target_and_actual__is_as_told(line):
    """One line of the table: target, actual, whole verdict."""
    target, actual, verdict = (cell.strip() for cell in line.split("|"))
    assert judged(target, actual).verdict == verdict


NAMED = """
≥12次        | 每月1次                    | 检查次数         | cannot-tell
每月≥1次     | 全年10次                   | 检查次数         | cannot-tell
每月1次      | 1次                        | 检查次数         | met
1次          | 1次                        | 每月检查次数     | met
≥3次         | 未完成3次                  | 会议次数         | cannot-tell
≥3次         | 缺3次                      | 会议次数         | cannot-tell
≥3个         | 3个未完成                  | 项目数           | cannot-tell
≥95%         | 未达到95%                  | 合格率           | not-met
≤3%          | 未超过3%                   | 差错率           | met
2023年12月底前 | 预计12月完成             | 完成时间         | cannot-tell
2023年12月底前 | 预计2024年3月完成        | 完成时间         | not-met
≥12次        | 上半年6次，下半年6次       | 活动次数         | cannot-tell
≥15次        | 上半年6次，下半年6次       | 活动次数         | not-met
≥5次         | 上半年6次，下半年6次       | 活动次数         | exceeded
≥10个        | A村3个，B村4个             | 个数             | not-met
≥8次         | 培训3次、检查9次           | 检查次数         | exceeded
≥8次         | 培训9次、检查3次           | 检查次数         | not-met
≥95%         | 合格率98%，满意度93%       | 满意度           | not-met
≥1000人      | 比上年增加200人，达到1100人 | 参加人数        | exceeded
≥1000人      | 新增200人，累计1200人      | 参加人数         | exceeded
≥10家        | 15家，其中新增3家          | 企业数           | exceeded
≥3个         | 应完成3个，实际完成2个     | 项目数           | not-met
≥5%          | 下降6%                     | 收入增长率       | cannot-tell
下降3%       | 上升4%                     | 能耗             | cannot-tell
≤0%          | 下降5%                     | 三公经费变动率   | cannot-tell
≥5%          | 同比增长5.2%               | 增长率           | exceeded
≤30天        | 提前5天完成                | 办理时间         | cannot-tell
≥1.5万人次   | 15000                      | 服务人次         | met
≥1.5万人次   | 1.6                        | 服务人次         | exceeded
≥1.5万人次   | 1.4万                      | 服务人次         | not-met
≥5万人       | 30000                      | 人数             | cannot-tell
≥300万元     | 2800000                    | 投资额           | cannot-tell
0.95         | 95%                        | 合格率           | cannot-tell
≥2次/年      | 2次                        | 检查次数         | met
500元/人·月  | 500元/人/月                | 补助标准         | met
500元/人·月  | 500元                      | 补助标准         | met
500元/人·月  | 450元                      | 补助标准         | cannot-tell
0.4          | 0.1                        | 有害生物成灾率   | met
100%         | 95%                        | 在职人员控制率   | met
100%         | 97.21%                     | 成本控制率       | cannot-tell
3年          | 1年                        | 服务期限         | cannot-tell
≥4次         | 3月、6月、9月、12月各1次   | 检查次数         | cannot-tell
≥10场        | 比目标多2场                | 活动场次         | cannot-tell
≥10场        | 超额完成2场，共12场        | 活动场次         | exceeded
≥10场        | 原计划10场，因疫情影响实际开展8场 | 活动场次  | not-met
≥90%         | 问卷100份，回收率85%，满意度92% | 服务对象满意度 | exceeded
≤5%          | 降至2.1%                   | 投诉率           | met
≤5%          | 较上年下降3%               | 投诉率           | cannot-tell
11月底前     | 2023年10月15日开工，12月20日完工 | 完成时间   | cannot-tell
≥5户         | 未完成                     | 户数             | not-met
≤5起         | 未达到                     | 事故数           | cannot-tell
12月底前     | 未按期完成                 | 完成时间         | not-met
≥5户         | 基本未完成                 | 户数             | cannot-tell
省级≥1个，市级≥2个 | 市级2个，省级1个，县级3个 | 创建个数    | met
≥1.5亿元     | 1.62亿                     | 产值             | exceeded
不少于85.52公里 | 9?5%                    | 道路长度         | cannot-tell
提高2个百分点 | 85.6%                     | 覆盖率           | cannot-tell
提高2个百分点 | 2.3%                      | 覆盖率           | exceeded
提高5%       | 90%                        | 入学率           | cannot-tell
提升至90%    | 提升5%                     | 知晓率           | cannot-tell
覆盖率达到85% | 提高3个百分点             | 覆盖率           | cannot-tell
下降5%       | -6%                        | 能耗             | cannot-tell
增长≥5%      | 12%                        | 旅游收入         | exceeded
增收500元    | 人均纯收入15200元          | 农民增收         | cannot-tell
提前3天      | 提前5天                    | 完成时间         | exceeded
≥10场        | 超额2场                    | 活动场次         | cannot-tell
≥10场        | 取消2场                    | 活动场次         | cannot-tell
≥10场        | 增加到12场                 | 活动场次         | exceeded
≥30家        | 新增32家                   | 新增企业数       | exceeded
≤250万元     | 节约3万元                  | 总成本           | cannot-tell
≥3万元       | 节约4万元                  | 节约资金         | exceeded
≤250万元     | 预算250万元，支出261.6万元 | 总成本           | not-met
户均增收≥3000元 | 共增收320万元           | 增收             | cannot-tell
户均增收≥3000元 | 户均增收3200元          | 增收             | exceeded
每村至少1名  | 120名                      | 村医配备         | cannot-tell
每千人口≥6.5张 | 6.8张                    | 床位             | exceeded
上下半年各1次 | 2次                       | 演练次数         | cannot-tell
≥2次         | 上半年1次，下半年1次       | 上下半年各1次演练 | cannot-tell
≥10个        | 正在实施10个               | 项目数           | cannot-tell
≥10个        | 完成8个，2个正在实施       | 项目数           | not-met
≥10个        | 启动10个                   | 项目完工数       | cannot-tell
≥10个        | 启动10个                   | 项目启动数       | met
≥95%         | 不合格率2%                 | 合格率           | cannot-tell
≤5%          | 合格率98%                  | 不合格率         | cannot-tell
≥95%         | 完成率97%，未完成率3%      | 完成率           | exceeded
≤3%          | 满意率98%                  | 投诉率           | cannot-tell
≤100%        | 控制率96%                  | 三公经费控制率   | met
100%         | 计划完成率100%             | 计划完成率       | met
≥10次        | 按计划开展12次             | 检查次数         | exceeded
国家级≥1个   | 省级2个                    | 示范创建         | cannot-tell
省级以上≥1个 | 国家级1个                  | 示范创建         | met
A类≥2个，B类≥3个 | B类3个，A类2个         | 项目数           | met
≥90          | 0.92                       | 服务对象满意度   | cannot-tell
0.95         | 96                         | 合格率           | cannot-tell
≥95          | 0.962                      | 覆盖率（%）      | cannot-tell
≤250         | 249.87万元                 | 总成本（万元）   | met
≥3           | 2.9万亩                    | 面积（万亩）     | not-met
≥30000亩     | 2.9                        | 面积（万亩）     | not-met
100%         | 35处隐患全部整改           | 隐患整改率       | met
100%         | 隐患35处，整改30处，全部建档 | 隐患整改率     | cannot-tell
0起          | 无重大事故                 | 安全事故         | cannot-tell
0起          | 无重大事故                 | 重大事故         | met
0起          | 未发生安全事故，开展检查126次 | 安全事故      | met
0起          | 发生安全事故1起，死亡0人   | 安全事故         | not-met
≥1%          | 负增长2%                   | 收入增长率       | cannot-tell
100%         | 除2户外全部发放            | 发放率           | cannot-tell
≥95%         | 比目标低1.2个百分点        | 满意率           | cannot-tell
≥95%         | 超过目标值1.2个百分点      | 满意率           | cannot-tell
≥95%         | 偏差1.2%                   | 满意率           | cannot-tell
≥95%         | 占比高达98%                | 达标比例         | exceeded
≥95%         | 满意80%，比较满意16%，不满意4% | 满意率       | cannot-tell
5公里        | 总里程5公里，完成80%       | 道路建设         | cannot-tell
≥120家       | 新增企业8家，累计126家     | 企业总数         | exceeded
≥5家         | 新增企业6家，其中工业3家、服务业3家 | 培育企业 | exceeded
≥1亿元       | 销售收入5.6亿元，利税6800万元 | 利税          | not-met
≤1500元/亩   | 建设3200亩，投资480万元，亩均1500元 | 亩均投资 | met
≥1场次/月    | 每月1场                    | 活动频次         | met
只跑1次      | 2次                        | 跑动次数         | not-met
≤5分钟       | 5分30秒                    | 等候时间         | not-met
100%（12月31日前） | 100%                 | 拨付率           | met
15分钟到达率92.5% | 93%                   | 急救反应         | exceeded
6、9、12月底分别达到50%、75%、100% | 6月底52%，9月底76%，12月底100% | 进度 | met
COD≤50mg/L，氨氮≤5mg/L | 氨氮2.1mg/L，COD58mg/L | 出水水质   | not-met
"""


@pytest.mark.parametrize("line", [line for line in NAMED.splitlines() if line])
def test_verdict__of_a_named_indicator__is_never_a_false_not_met(line):
    """Target, actual, indicator, verdict: whoever could be told off wrongly is left to a person."""
    target, actual, name, verdict = (cell.strip() for cell in line.split("|"))
    assert judged(target, actual, name=name).verdict == verdict


RATIOS = [  # target, actual, share reached
    ("≥10场", "8场", Decimal("0.8")),
    ("≥10场", "13场", Decimal("1.3")),
    ("≥10场", "0场", Decimal(0)),
    ("≤5天", "10天", Decimal("0.5")),
    ("0起", "2起", Decimal(0)),
    ("≤90万元", "120", Decimal("0.75")),
    ("80%-90%", "40%", Decimal("0.5")),
    ("≤90天", "4个月", None),
    ("≤24小时", "2天", Decimal("0.5")),
    ("≥10人", "女性4人，男性5人", None),
    ("2023年11月底前", "2023年12月20日", None),
    ("≥12场", "10多场", None),
]


@pytest.mark.parametrize(("target", "actual", "ratio"), RATIOS)
def test_ratio__of_a_part__is_the_share_reached(target, actual, ratio):
    """Actual ÷ target for a floor, target ÷ actual for a ceiling; None where it can't be told."""
    assert judged(target, actual).parts[0].ratio == ratio


def test_reason__of_a_verdict__names_both_figures():
    """The reason shows what was compared, as the cells have it."""
    assert judged("≤90万元", "91").because == "完成值“91”，目标“≤90万元”，未达到目标。"


def test_reason__of_a_number_with_a_comma__quotes_it_whole():
    """A comma between digits parts no clauses."""
    assert "“9,856”" in judged("≥1万人", "9,856", name="受益人数").because


def test_blank_actual__of_a_compound__leaves_every_part_unanswered():
    """Nothing was filled in: no part has an answer."""
    judgement = judged("≥3场，≥100人", "—")
    assert [part.verdict for part in judgement.parts] == ["unanswered", "unanswered"]


@pytest.mark.parametrize(
    ("target", "actual", "verdict", "assumed"),
    [
        ("8月前", "8月15日", "met", True),
        ("2023年8月份之前完成", "2023年8月31日", "met", True),
        ("第三季度前", "9月10日", "met", True),
        ("12月前", "12月", "met", True),
        ("8月前", "7月31日", "met", False),
        ("8月前", "9月1日", "not-met", False),
        ("8月底前", "8月15日", "met", False),
        ("8月31日前", "8月15日", "met", False),
        ("第三季度前", "6月30日", "met", False),
    ],
)
def test_judge__before_a_month__says_what_it_took_that_for(target, actual, verdict, assumed):
    """8月前 may end with July or with August: within August that is said; outside it makes no difference."""
    result = judged(target, actual)
    assert (result.verdict, "最后一天理解" in result.note) == (verdict, assumed)
