from datetime import UTC, datetime


def test_x(dags, calls):
    dag = dags["monitor_flights"]
    run = dag.test(logical_date=None, run_conf={"day": "2013-03-09"})
    print(run.state, calls)
    run = dag.test(logical_date=datetime(2013, 9, 3, 12, tzinfo=UTC))
    print(run.state, calls[7:])
    run = dag.test(logical_date=None)
    print(run.state, calls[14:])
    assert 0
