"""who takes on an alert, why one was put aside, and who does what until when

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.add_column(sa.Column('assigned_to', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('dismissed_for', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('turns', sa.Integer(), nullable=False, server_default='0'))
        batch_op.create_foreign_key(batch_op.f('fk_alert_assigned_to'), 'reader', ['assigned_to'], ['id'])
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.add_column(sa.Column('alert_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('owner_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('due', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('done_on', sa.Date(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_action_alert_id'), 'alert', ['alert_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_action_owner_id'), 'reader', ['owner_id'], ['id'])
    op.execute('UPDATE action SET done_on = "on"')  # until now, everything was written down when it was done


def downgrade() -> None:
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_action_owner_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_action_alert_id'), type_='foreignkey')
        for name in ('done_on', 'due', 'owner_id', 'alert_id'):
            batch_op.drop_column(name)
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_alert_assigned_to'), type_='foreignkey')
        for name in ('turns', 'dismissed_for', 'assigned_to'):
            batch_op.drop_column(name)
